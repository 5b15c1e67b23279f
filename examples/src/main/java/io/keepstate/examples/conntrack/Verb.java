// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import static io.keepstate.examples.conntrack.Option.BUFFER_SIZE;
import static io.keepstate.examples.conntrack.Option.DST;
import static io.keepstate.examples.conntrack.Option.DST_NAT;
import static io.keepstate.examples.conntrack.Option.EVENT_MASK;
import static io.keepstate.examples.conntrack.Option.FAMILY;
import static io.keepstate.examples.conntrack.Option.ID;
import static io.keepstate.examples.conntrack.Option.LABEL;
import static io.keepstate.examples.conntrack.Option.LABEL_ADD;
import static io.keepstate.examples.conntrack.Option.LABEL_DEL;
import static io.keepstate.examples.conntrack.Option.MARK;
import static io.keepstate.examples.conntrack.Option.MASK_DST;
import static io.keepstate.examples.conntrack.Option.MASK_SRC;
import static io.keepstate.examples.conntrack.Option.ORIGINAL_ZONE;
import static io.keepstate.examples.conntrack.Option.OUTPUT;
import static io.keepstate.examples.conntrack.Option.PROTOCOL;
import static io.keepstate.examples.conntrack.Option.REPLY_DST;
import static io.keepstate.examples.conntrack.Option.REPLY_SRC;
import static io.keepstate.examples.conntrack.Option.REPLY_ZONE;
import static io.keepstate.examples.conntrack.Option.SRC;
import static io.keepstate.examples.conntrack.Option.SRC_NAT;
import static io.keepstate.examples.conntrack.Option.STATUS;
import static io.keepstate.examples.conntrack.Option.TIMEOUT;
import static io.keepstate.examples.conntrack.Option.TUPLE_DST;
import static io.keepstate.examples.conntrack.Option.TUPLE_SRC;
import static io.keepstate.examples.conntrack.Option.ZONE;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** What is to be done with which table, and which options go with it (as tried out with conntrack 1.4.7). */
enum Verb {
    LIST("-L", "dump", none(), but(TIMEOUT, EVENT_MASK, TUPLE_SRC, TUPLE_DST, ID, BUFFER_SIZE, LABEL_ADD, LABEL_DEL)),
    CREATE("-I", "create", Set.of(PROTOCOL, TIMEOUT), creating()),
    ADD("-A", "add", Set.of(PROTOCOL, TIMEOUT), creating()),
    UPDATE("-U", "update", none(), changing(ZONE, ORIGINAL_ZONE, REPLY_ZONE)),
    DELETE("-D", "delete", none(), changing(LABEL_ADD, LABEL_DEL)),
    GET("-G", "get", Set.of(PROTOCOL), only(SRC, DST, REPLY_SRC, REPLY_DST, PROTOCOL, ID, OUTPUT, LABEL)),
    FLUSH("-F", "flush", none(), only(FAMILY)),
    COUNT("-C", "count", none(), none()),
    STATISTICS("-S", "stats", none(), none()),
    EVENTS("-E", "event", none(), but(TIMEOUT, STATUS, Option.ZERO, TUPLE_SRC, TUPLE_DST, ID, LABEL_ADD, LABEL_DEL)),
    VERSION("-V", "version", none(), none()),
    HELP("-h", "help", none(), only(PROTOCOL)),
    /** No command at all: help, but nothing may stand beside it. */
    NONE("unknown", "unknown", none(), none()),
    LIST_EXPECTATIONS("-L expect", "dump", none(), only(FAMILY, OUTPUT)),
    CREATE_EXPECTATION(
            "-I expect",
            "create",
            Set.of(SRC, DST, PROTOCOL, TIMEOUT, TUPLE_SRC, TUPLE_DST, MASK_SRC, MASK_DST),
            only(SRC, DST, REPLY_SRC, REPLY_DST, PROTOCOL, TIMEOUT, STATUS, TUPLE_SRC, TUPLE_DST, MASK_SRC, MASK_DST)),
    DELETE_EXPECTATION(
            "-D expect", "delete", Set.of(SRC, DST, PROTOCOL), only(SRC, DST, REPLY_SRC, REPLY_DST, PROTOCOL)),
    GET_EXPECTATION("-G expect", "get", Set.of(SRC, DST, PROTOCOL), only(SRC, DST, REPLY_SRC, REPLY_DST, PROTOCOL)),
    FLUSH_EXPECTATIONS("-F expect", "flush", none(), none()),
    COUNT_EXPECTATIONS("-C expect", "count", none(), none()),
    EXPECTATION_STATISTICS("-S expect", "stats", none(), none()),
    EXPECTATION_EVENTS("-E expect", "event", none(), only(OUTPUT));

    private final String words;
    private final String longName;
    /** A bit for each option. */
    private final long required;

    private final long allowed;

    Verb(String words, String longName, Set<Option> required, Set<Option> allowed) {
        this.words = words;
        this.longName = longName;
        this.required = bits(required);
        this.allowed = bits(allowed);
    }

    /** As it is typed, in messages. */
    String words() {
        return words;
    }

    String longName() {
        return longName;
    }

    boolean requires(Option option) {
        return (required & 1L << option.ordinal()) != 0;
    }

    boolean allows(Option option) {
        return (allowed & 1L << option.ordinal()) != 0;
    }

    boolean isCreate() {
        return this == CREATE || this == ADD;
    }

    boolean isOfExpectations() {
        return ordinal() >= LIST_EXPECTATIONS.ordinal();
    }

    private static long bits(Set<Option> options) {
        return options.stream().mapToLong(option -> 1L << option.ordinal()).sum();
    }

    private static Set<Option> none() {
        return EnumSet.noneOf(Option.class);
    }

    private static Set<Option> only(Option... options) {
        Set<Option> set = none();
        set.addAll(Arrays.asList(options));
        return set;
    }

    private static Set<Option> but(Option... options) {
        return EnumSet.complementOf(EnumSet.copyOf(Arrays.asList(options)));
    }

    private static Set<Option> creating() {
        return only(
                SRC,
                DST,
                REPLY_SRC,
                REPLY_DST,
                PROTOCOL,
                TIMEOUT,
                STATUS,
                MARK,
                SRC_NAT,
                DST_NAT,
                ZONE,
                LABEL_ADD,
                ORIGINAL_ZONE,
                REPLY_ZONE);
    }

    private static Set<Option> changing(Option... not) {
        Set<Option> set =
                but(Option.ZERO, EVENT_MASK, TUPLE_SRC, TUPLE_DST, Option.SECMARK, BUFFER_SIZE, Option.ANY_NAT);
        Arrays.asList(not).forEach(set::remove);
        return set;
    }
}
