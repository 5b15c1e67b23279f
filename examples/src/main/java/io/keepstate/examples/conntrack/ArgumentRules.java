// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.conntrack.codec.DumpSource;
import java.util.EnumSet;
import java.util.Set;

/** What must be said, may be said and must not be said together, in the order in which conntrack(8) looks at it. */
final class ArgumentRules {
    /** What a flow is compared by, its translation apart. */
    private static final Set<Option> COMPARED = EnumSet.of(
            Option.SRC,
            Option.DST,
            Option.REPLY_SRC,
            Option.REPLY_DST,
            Option.PROTOCOL,
            Option.STATUS,
            Option.MARK,
            Option.ID,
            Option.ZONE,
            Option.ORIGINAL_ZONE,
            Option.REPLY_ZONE);

    private ArgumentRules() {}

    static void check(Arguments read) {
        Verb verb = read.verb();
        if (read.has(Option.ANY_NAT) && (read.has(Option.SRC_NAT) || read.has(Option.DST_NAT))) {
            throw Refusal.parameter("cannot specify `--src-nat' or `--dst-nat' with `--any-nat'");
        }
        for (Option option : Option.values()) {
            if (verb.requires(option) && !read.has(option)) {
                throw Refusal.parameter("You need to supply the `--" + option.longName() + "' option for this command");
            }
            if (read.has(option) && !verb.allows(option)) {
                throw Refusal.parameter("Illegal option `--" + option.longName() + "' with this command");
            }
        }
        addresses(read, verb);
        if (read.protocolOptions != null) {
            read.protocolOptions.check(verb);
        }
        combinations(read, verb);
    }

    private static void addresses(Arguments read, Verb verb) {
        if ((!verb.isCreate() && verb != Verb.GET) || read.original.hasAddresses() || read.reply.hasAddresses()) {
            return;
        }
        boolean replyOnly = read.reply.hasAnyAddress() && !read.original.hasAnyAddress();
        throw Refusal.parameter(
                "you have to specify " + (replyOnly ? "`--reply-src' and `--reply-dst'" : "`--src' and `--dst'"));
    }

    private static void combinations(Arguments read, Verb verb) {
        if (read.has(Option.LABEL_ADD) && read.has(Option.LABEL_DEL)) {
            throw new Refusal(Refusal.OTHER, "cannot use --label-add and --label-del at the same time");
        }
        if (!verb.isOfExpectations() && read.source == DumpSource.TABLE) {
            // The kernel would set the counters of other flows to zero too.
            if (read.has(Option.ZERO) && (read.has(Option.SRC_NAT) || read.has(Option.DST_NAT) || isCompared(read))) {
                throw Refusal.parameter("Can't use -z with filtering parameters");
            }
            if (read.has(Option.MASK_SRC) && !read.has(Option.SRC)) {
                throw Refusal.parameter("Can't use --mask-src without --src");
            }
            if (read.has(Option.MASK_DST) && !read.has(Option.DST)) {
                throw Refusal.parameter("Can't use --mask-dst without --dst");
            }
        }
    }

    /** Whether the line says of flows what they must have. */
    static boolean isCompared(Arguments read) {
        return COMPARED.stream().anyMatch(read::has);
    }
}
