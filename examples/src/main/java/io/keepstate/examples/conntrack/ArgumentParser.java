// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.conntrack.EventType;
import io.keepstate.conntrack.codec.DumpSource;
import io.keepstate.examples.conntrack.Getopt.Value;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Status;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a command line of conntrack(8) and refuses what conntrack 1.4.7 refuses, with its words. */
final class ArgumentParser {
    private static final List<String> STATUS_NAMES = List.of(
            "ASSURED",
            "SEEN_REPLY",
            "UNSET",
            "FIXED_TIMEOUT",
            "EXPECTED",
            "OFFLOAD",
            "HW_OFFLOAD",
            "SRC_NAT",
            "DST_NAT");
    private static final int[] STATUS_BITS = {
        Status.ASSURED, Status.SEEN_REPLY, 0, Status.FIXED_TIMEOUT, Status.EXPECTED, Status.OFFLOAD, Status.HW_OFFLOAD
    };
    private static final List<String> EVENTS = List.of("ALL", "NEW", "UPDATES", "DESTROY");
    private static final List<String> OUTPUTS =
            List.of("xml", "extended", "timestamp", "id", "ktimestamp", "labels", "userspace", "save", "json");
    /** Verbs by their letter; those with a table have another one for expectations. */
    private static final String VERBS = "LIAUDGFCSEVh";

    private static final Verb[] FLOW_VERBS = {
        Verb.LIST,
        Verb.CREATE,
        Verb.ADD,
        Verb.UPDATE,
        Verb.DELETE,
        Verb.GET,
        Verb.FLUSH,
        Verb.COUNT,
        Verb.STATISTICS,
        Verb.EVENTS,
        Verb.VERSION,
        Verb.HELP
    };

    private static final Getopt.Grammar GRAMMAR = grammar();

    private final Getopt words;
    private final PrintStream err;
    private final Arguments read = new Arguments();
    private final LabelArguments labels;

    private ArgumentParser(List<String> words, PrintStream err) {
        this.words = new Getopt(words, GRAMMAR);
        this.err = err;
        this.labels = new LabelArguments(read, err);
    }

    /**
     * Reads it.
     *
     * @param err where warnings go
     * @throws Refusal if it is wrong
     */
    static Arguments parse(List<String> words, PrintStream err) {
        ArgumentParser parser = new ArgumentParser(words, err);
        parser.options();
        ArgumentRules.check(parser.read);
        return parser.read;
    }

    private static Getopt.Grammar grammar() {
        Getopt.Grammar grammar = new Getopt.Grammar();
        grammar.add('L', Value.ATTACHED, "dump")
                .add('I', Value.ATTACHED, "create")
                .add('D', Value.ATTACHED, "delete")
                .add('G', Value.ATTACHED, "get")
                .add('F', Value.ATTACHED, "flush")
                .add('U', Value.ATTACHED, "update")
                .add('E', Value.ATTACHED, "event")
                .add('A', Value.ATTACHED, "add")
                .add('C', Value.ATTACHED, "counter")
                .add('S', Value.NONE, "stats")
                .add('V', Value.NONE, "version")
                .add('h', Value.NONE, "help")
                .add('R', Value.NONE, "load-file");
        for (Option option : Option.values()) {
            Value value = switch (option) {
                case ZERO -> Value.NONE;
                case SRC_NAT, DST_NAT, ANY_NAT, LABEL_DEL -> Value.ATTACHED;
                default -> Value.REQUIRED;
            };
            grammar.add(option.letter(), value, longNames(option));
        }
        return grammar.add('a', Value.REQUIRED, "nat-range");
    }

    private static String[] longNames(Option option) {
        return switch (option) {
            case SRC -> new String[] {"src", "orig-src"};
            case DST -> new String[] {"dst", "orig-dst"};
            case PROTOCOL -> new String[] {"protonum", "proto"};
            default -> new String[] {option.longName()};
        };
    }

    private void options() {
        for (char code = words.next(); code != 0; code = words.next()) {
            if (code == ':') {
                throw Refusal.parameter("option `" + words.lastWord() + "' requires an argument");
            }
            int verb = VERBS.indexOf(code);
            if (verb >= 0) {
                verb(FLOW_VERBS[verb]);
            } else if (code == 'a') {
                err.println("WARNING: ignoring -a, deprecated option.");
            } else if (!option(code) && !protocolOption(code)) {
                throw Refusal.parameter("unknown option `" + words.lastWord() + "'");
            }
        }
    }

    private void verb(Verb flows) {
        Verb verb = table(flows);
        if (read.verb != null) {
            throw Refusal.parameter("Invalid commands combination");
        }
        read.verb = verb;
    }

    private Verb table(Verb flows) {
        // A word attached to the command names no table, and the next word is not looked at then.
        String table = words.value() == null ? words.takeWord() : null;
        if (table == null || (!table.isEmpty() && "conntrack".startsWith(table))) {
            return flows;
        }
        if ("expect".startsWith(table)) {
            return expectations(flows);
        }
        if (!"dying".startsWith(table) && !"unconfirmed".startsWith(table)) {
            throw Refusal.parameter("unknown type `" + table + "'");
        }
        if (flows != Verb.LIST) {
            throw Refusal.parameter("Can't do that command with tables `dying' and `unconfirmed'");
        }
        read.source = "dying".startsWith(table) ? DumpSource.DYING : DumpSource.UNCONFIRMED;
        return flows;
    }

    private static Verb expectations(Verb flows) {
        return switch (flows) {
            case LIST -> Verb.LIST_EXPECTATIONS;
            case CREATE -> Verb.CREATE_EXPECTATION;
            case DELETE -> Verb.DELETE_EXPECTATION;
            case GET -> Verb.GET_EXPECTATION;
            case FLUSH -> Verb.FLUSH_EXPECTATIONS;
            case COUNT -> Verb.COUNT_EXPECTATIONS;
            case STATISTICS -> Verb.EXPECTATION_STATISTICS;
            case EVENTS -> Verb.EXPECTATION_EVENTS;
            case VERSION, HELP -> flows;
            default -> throw Refusal.parameter("Can't do --" + flows.longName() + " on expectations");
        };
    }

    private static boolean abbreviates(String given, String word) {
        return word.regionMatches(true, 0, given, 0, given.length()) && given.length() <= word.length();
    }

    private boolean protocolOption(char code) {
        ProtocolOption option = ProtocolOption.of(code);
        ProtocolOptions protocol = read.protocolOptions;
        if (option == null || protocol == null || !protocol.options().contains(option)) {
            return false;
        }
        protocol.take(option, words.requiredValue(), read);
        return true;
    }

    private boolean option(char code) {
        for (Option option : Option.values()) {
            if (option.letter() == code) {
                read.given.add(option);
                take(option, words.requiredValue());
                return true;
            }
        }
        return false;
    }

    private void take(Option option, String text) {
        switch (option) {
            case SRC, DST, REPLY_SRC, REPLY_DST, TUPLE_SRC, TUPLE_DST, MASK_SRC, MASK_DST -> address(option, text);
            case PROTOCOL -> protocol(text);
            case TIMEOUT -> read.attributes.put(Attribute.TIMEOUT, CNumber.decimal(text));
            case STATUS -> status(text);
            case EVENT_MASK -> events(text);
            case OUTPUT -> output(text);
            case MARK -> mark(text);
            case ID -> read.attributes.put(Attribute.ID, CNumber.any(text));
            case FAMILY -> family(text);
            case SRC_NAT -> read.sourceNat = nat(option, text);
            case DST_NAT -> read.destinationNat = nat(option, text);
            case ANY_NAT -> read.anyNat = nat(option, text);
            case SECMARK -> read.securityMark = CNumber.any(text);
            case BUFFER_SIZE -> read.bufferSize = (int) CNumber.decimal(text);
            case ZONE -> read.attributes.put(Attribute.ZONE, CNumber.any(text) & 0xffff);
            case ORIGINAL_ZONE -> read.attributes.put(Attribute.ZONE_ORIGINAL, CNumber.any(text) & 0xffff);
            case REPLY_ZONE -> read.attributes.put(Attribute.ZONE_REPLY, CNumber.any(text) & 0xffff);
            case LABEL -> labels.wanted(text);
            case LABEL_ADD -> labels.added(text);
            case LABEL_DEL -> labels.deleted(labelsToDelete());
            case ZERO -> {
                // nothing more to say
            }
        }
    }

    private void output(String text) {
        list(text, OUTPUTS, index -> read.output.add(OutputPart.values()[index]));
        if (read.output.size() > 1 && read.output.contains(OutputPart.SAVE)) {
            throw new Refusal(Refusal.OTHER, "cannot combine save output with any other output type, use -o save only");
        }
        if (read.output.contains(OutputPart.LABELS)) {
            labels.shown();
        }
    }

    private void address(Option option, String text) {
        boolean network = option == Option.SRC
                || option == Option.DST
                || option == Option.TUPLE_SRC
                || option == Option.TUPLE_DST;
        IpAddress address = AddressArgument.address(text);
        family(address.family());
        if (!network) {
            AddressArgument.refuseLength(text, option.longName());
        }
        IpAddress mask = network ? AddressArgument.mask(address.family(), text) : null;
        switch (option) {
            case SRC -> read.original.source = address;
            case DST -> read.original.destination = address;
            case REPLY_SRC -> read.reply.source = address;
            case REPLY_DST -> read.reply.destination = address;
            case TUPLE_SRC -> read.expected.source = address;
            case TUPLE_DST -> read.expected.destination = address;
            case MASK_SRC -> read.mask.source = address;
            default -> read.mask.destination = address;
        }
        if (mask != null && (option == Option.SRC || option == Option.TUPLE_SRC)) {
            read.given.add(Option.MASK_SRC);
            read.mask.source = mask;
        } else if (mask != null) {
            read.given.add(Option.MASK_DST);
            read.mask.destination = mask;
        }
    }

    private void family(String name) {
        switch (name) {
            case "ipv4" -> family(Family.IPV4);
            case "ipv6" -> family(Family.IPV6);
            default -> throw Refusal.parameter("`" + name + "' unsupported protocol");
        }
    }

    private void family(Family family) {
        if (read.family != null && read.family != family) {
            throw Refusal.parameter("mismatched address family");
        }
        read.family = family;
    }

    private void protocol(String name) {
        int number = ProtocolNumber.of(name);
        if (number < 0) {
            throw Refusal.parameter("`" + name + "' unsupported protocol");
        }
        read.protocol = number;
        ProtocolOptions before = read.protocolOptions;
        ProtocolOptions options = before != null && before.protocol() == number ? before : new ProtocolOptions(number);
        read.protocolOptions = options;
        words.addLong(options.names());
    }

    private void mark(String text) {
        read.mark = (int) CNumber.any(text);
        int slash = text.indexOf('/');
        read.markMask = slash >= 0 && slash == CNumber.length(text) ? (int) CNumber.any(text.substring(slash + 1)) : -1;
    }

    private void status(String text) {
        list(text, STATUS_NAMES, index -> {
            if (index < STATUS_BITS.length) {
                read.status |= STATUS_BITS[index];
            } else {
                String option = index == STATUS_BITS.length ? "SRC_NAT, use --src-nat" : "DST_NAT, use --dst-nat";
                err.println("WARNING: ignoring " + option + " instead");
            }
        });
    }

    private void events(String text) {
        list(text, EVENTS, index -> {
            switch (index) {
                case 0 -> read.events.addAll(List.of(EventType.values()));
                case 1 -> read.events.add(EventType.NEW);
                case 2 -> read.events.add(EventType.UPDATE);
                default -> read.events.add(EventType.DESTROY);
            }
        });
    }

    /** Words between commas, each of which may be abbreviated. */
    private static void list(String text, List<String> known, java.util.function.IntConsumer to) {
        String rest = text;
        while (true) {
            int comma = rest.indexOf(',');
            String word = comma < 0 ? rest : rest.substring(0, comma);
            int index = word.isEmpty() ? -1 : first(known, word);
            if (index < 0) {
                throw Refusal.parameter("Bad parameter `" + rest + "'");
            }
            to.accept(index);
            if (comma < 0) {
                return;
            }
            rest = rest.substring(comma + 1);
        }
    }

    private static int first(List<String> known, String word) {
        for (int i = 0; i < known.size(); i++) {
            if (abbreviates(word, known.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** In the same or in the next word, or nothing. */
    private Arguments.Nat nat(Option option, String attached) {
        String next = attached.isEmpty() ? words.takeWord() : attached;
        if (next == null) {
            return new Arguments.Nat(null, 0);
        }
        Arguments.Nat nat = NatArgument.parse(next, option.longName());
        if (nat.address() != null) {
            family(nat.address().family());
        }
        return nat;
    }

    /** In the same or in the next word; null, which stands for all, without a name. */
    private @Nullable String labelsToDelete() {
        String attached = words.value();
        return attached == null ? words.takeWord() : attached.isEmpty() ? null : attached;
    }
}
