// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.ProtocolState;
import io.keepstate.flow.text.SaveLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The options one protocol adds to the command line, which of them each command wants, and what they mean. */
final class ProtocolOptions {
    private static final List<ProtocolOption> PORTS = List.of(
            ProtocolOption.SOURCE_PORT,
            ProtocolOption.DESTINATION_PORT,
            ProtocolOption.REPLY_SOURCE_PORT,
            ProtocolOption.REPLY_DESTINATION_PORT,
            ProtocolOption.MASK_SOURCE_PORT,
            ProtocolOption.MASK_DESTINATION_PORT);
    private static final List<ProtocolOption> TUPLE_PORTS =
            List.of(ProtocolOption.TUPLE_SOURCE_PORT, ProtocolOption.TUPLE_DESTINATION_PORT);
    private static final List<ProtocolOption> KEYS = List.of(
            ProtocolOption.SOURCE_KEY,
            ProtocolOption.DESTINATION_KEY,
            ProtocolOption.REPLY_SOURCE_KEY,
            ProtocolOption.REPLY_DESTINATION_KEY,
            ProtocolOption.MASK_SOURCE_KEY,
            ProtocolOption.MASK_DESTINATION_KEY,
            ProtocolOption.TUPLE_SOURCE_KEY,
            ProtocolOption.TUPLE_DESTINATION_KEY);

    /** The options of one protocol, and what their names stand for. */
    private record Table(List<ProtocolOption> options, Map<String, Getopt.Name> names) {
        static Table of(List<ProtocolOption> options) {
            Map<String, Getopt.Name> names = new HashMap<>();
            for (ProtocolOption option : options) {
                Getopt.Name name = new Getopt.Name(option.code(), Getopt.Value.REQUIRED);
                option.names().forEach(written -> names.put(written, name));
            }
            return new Table(options, names);
        }
    }

    private static final Table NONE = Table.of(List.of());
    private static final Map<Integer, Table> TABLES = Map.of(
            Protocol.TCP,
            Table.of(ports(ProtocolOption.STATE)),
            Protocol.UDP,
            Table.of(ports()),
            Protocol.UDPLITE,
            Table.of(ports()),
            Protocol.SCTP,
            Table.of(ports(ProtocolOption.STATE, ProtocolOption.ORIGINAL_VTAG, ProtocolOption.REPLY_VTAG)),
            Protocol.DCCP,
            Table.of(ports(ProtocolOption.STATE, ProtocolOption.ROLE)),
            Protocol.ICMP,
            Table.of(List.of(ProtocolOption.ICMP_TYPE, ProtocolOption.ICMP_CODE, ProtocolOption.ICMP_ID)),
            Protocol.ICMPV6,
            Table.of(List.of(ProtocolOption.ICMPV6_TYPE, ProtocolOption.ICMPV6_CODE, ProtocolOption.ICMPV6_ID)),
            Protocol.GRE,
            Table.of(KEYS));

    private final int protocol;
    private final Table table;
    private final List<ProtocolOption> options;
    private final Set<ProtocolOption> given = EnumSet.noneOf(ProtocolOption.class);

    /** Those of a protocol by its number; most have none. */
    ProtocolOptions(int protocol) {
        this.protocol = protocol;
        this.table = TABLES.getOrDefault(protocol, NONE);
        this.options = table.options;
    }

    /** The state is checked between the ports, what is special to the protocol behind them. */
    private static List<ProtocolOption> ports(ProtocolOption... more) {
        List<ProtocolOption> all = new ArrayList<>(PORTS);
        List<ProtocolOption> rest = new ArrayList<>(Arrays.asList(more));
        if (rest.remove(ProtocolOption.STATE)) {
            all.add(ProtocolOption.STATE);
        }
        all.addAll(TUPLE_PORTS);
        all.addAll(rest);
        return List.copyOf(all);
    }

    int protocol() {
        return protocol;
    }

    List<ProtocolOption> options() {
        return options;
    }

    /** Their long names. */
    Map<String, Getopt.Name> names() {
        return table.names;
    }

    /** Takes one option's value. */
    void take(ProtocolOption option, String text, Arguments into) {
        given.add(option);
        int number = (int) CNumber.any(text);
        int port = (int) CNumber.decimal(text) & 0xffff;
        switch (option) {
            case SOURCE_PORT -> into.original.sourceId = port;
            case DESTINATION_PORT -> into.original.destinationId = port;
            case REPLY_SOURCE_PORT -> into.reply.sourceId = port;
            case REPLY_DESTINATION_PORT -> into.reply.destinationId = port;
            case MASK_SOURCE_PORT -> into.mask.sourceId = port;
            case MASK_DESTINATION_PORT -> into.mask.destinationId = port;
            case TUPLE_SOURCE_PORT -> into.expected.sourceId = port;
            case TUPLE_DESTINATION_PORT -> into.expected.destinationId = port;
            case SOURCE_KEY -> into.original.sourceId = number & 0xffff;
            case DESTINATION_KEY -> into.original.destinationId = number & 0xffff;
            case REPLY_SOURCE_KEY -> into.reply.sourceId = number & 0xffff;
            case REPLY_DESTINATION_KEY -> into.reply.destinationId = number & 0xffff;
            case MASK_SOURCE_KEY -> into.mask.sourceId = number & 0xffff;
            case MASK_DESTINATION_KEY -> into.mask.destinationId = number & 0xffff;
            case TUPLE_SOURCE_KEY -> into.expected.sourceId = number & 0xffff;
            case TUPLE_DESTINATION_KEY -> into.expected.destinationId = number & 0xffff;
            case ICMP_TYPE, ICMPV6_TYPE -> into.original.icmpType = port & 0xff;
            case ICMP_CODE, ICMPV6_CODE -> into.original.icmpCode = port & 0xff;
            case ICMP_ID, ICMPV6_ID -> into.original.icmpId = port;
            case ORIGINAL_VTAG ->
                into.attributes.put(Attribute.SCTP_VTAG_ORIGINAL, SaveLine.verificationTag(CNumber.decimal(text)));
            case REPLY_VTAG ->
                into.attributes.put(Attribute.SCTP_VTAG_REPLY, SaveLine.verificationTag(CNumber.decimal(text)));
            case STATE -> state(text, into);
            case ROLE -> into.attributes.put(Attribute.DCCP_ROLE, role(text));
        }
    }

    private void state(String name, Arguments into) {
        Attribute attribute = switch (protocol) {
            case Protocol.TCP -> Attribute.TCP_STATE;
            case Protocol.SCTP -> Attribute.SCTP_STATE;
            default -> Attribute.DCCP_STATE;
        };
        // The kernel reuses the number of LISTEN, which it never had.
        String known = protocol == Protocol.TCP && name.equals("LISTEN") ? "SYN_SENT2" : name;
        int state = ProtocolState.number(attribute, known);
        if (state < 0) {
            throw Refusal.parameter(
                    switch (protocol) {
                        case Protocol.TCP -> "unknown TCP state `" + name + "'";
                        case Protocol.SCTP -> "unknown SCTP state `" + name + "'";
                        default -> "Unknown DCCP state `" + name + "'";
                    });
        }
        into.attributes.put(attribute, (long) state);
    }

    private static long role(String name) {
        return switch (name) {
            case "client" -> 0;
            case "server" -> 1;
            default -> throw Refusal.parameter("Unknown DCCP role `" + name + "'");
        };
    }

    /** Checks that a command has what it wants of this protocol, and nothing else. */
    void check(Verb verb) {
        for (ProtocolOption option : options) {
            boolean here = given.contains(option);
            if (!here && isRequired(verb, option)) {
                throw Refusal.parameter(
                        "You need to supply the `--" + option.names().get(0) + "' option for this command");
            }
            if (here && !isAllowed(verb, option)) {
                throw Refusal.parameter("Illegal option `--" + option.names().get(0) + "' with this command");
            }
        }
        if ((verb.isCreate() || verb == Verb.GET) && !options.isEmpty() && !Protocol.isIcmp(protocol)) {
            checkPairs();
        }
    }

    /** One direction must be whole. */
    private void checkPairs() {
        List<ProtocolOption> pairs = options.subList(0, 4);
        boolean original = given.containsAll(pairs.subList(0, 2));
        boolean reply = given.containsAll(pairs.subList(2, 4));
        if (original || reply) {
            return;
        }
        boolean anyOriginal = given.contains(pairs.get(0)) || given.contains(pairs.get(1));
        boolean anyReply = given.contains(pairs.get(2)) || given.contains(pairs.get(3));
        String what = pairs.get(0).isKey()
                ? anyReply && !anyOriginal ? "`--reply-src-key' and `--reply-dst-key'" : "`--srckey' and `--dstkey'"
                : anyReply && !anyOriginal
                        ? protocol == Protocol.DCCP
                                ? "`--reply-port-src' and `--report-port-dst'"
                                : "`--reply-src-port' and `--reply-dst-port'"
                        : "`--sport' and `--dport'";
        throw Refusal.parameter("you have to specify " + what);
    }

    private static boolean isRequired(Verb verb, ProtocolOption option) {
        return switch (verb) {
            case CREATE, ADD ->
                switch (option) {
                    case STATE, ORIGINAL_VTAG, REPLY_VTAG, ROLE -> true;
                    default -> isIcmpTypeOrCode(option);
                };
            case GET -> isIcmpTypeOrCode(option);
            case CREATE_EXPECTATION -> isAllowed(verb, option);
            case DELETE_EXPECTATION, GET_EXPECTATION -> isAllowed(verb, option);
            default -> false;
        };
    }

    private static boolean isAllowed(Verb verb, ProtocolOption option) {
        boolean icmp = option.ordinal() >= ProtocolOption.ICMP_TYPE.ordinal() && !option.isKey();
        boolean special = option == ProtocolOption.ORIGINAL_VTAG || option == ProtocolOption.REPLY_VTAG;
        return switch (verb) {
            case CREATE_EXPECTATION ->
                !icmp && option != ProtocolOption.STATE && (option.isKey() || !option.isOfReply());
            case DELETE_EXPECTATION, GET_EXPECTATION ->
                !icmp
                        && !special
                        && option != ProtocolOption.STATE
                        && option != ProtocolOption.ROLE
                        && !option.isOfExpectation();
            case CREATE, ADD -> !option.isOfExpectation();
            case UPDATE, GET -> !option.isOfExpectation() && option != ProtocolOption.ROLE;
            default -> !option.isOfExpectation() && !special && option != ProtocolOption.ROLE;
        };
    }

    private static boolean isIcmpTypeOrCode(ProtocolOption option) {
        return switch (option) {
            case ICMP_TYPE, ICMP_CODE, ICMPV6_TYPE, ICMPV6_CODE -> true;
            default -> false;
        };
    }
}
