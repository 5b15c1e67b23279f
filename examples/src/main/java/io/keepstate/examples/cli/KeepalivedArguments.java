// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of keepalived(8), read as getopt_long(3) reads them: short options may be bundled, a long one may be cut
 * short as long as it is unique.
 *
 * @param options the options given, the last value of each; empty for one without
 * @param errors one sentence for each argument that is not understood
 */
record KeepalivedArguments(Map<Option, String> options, List<String> errors) {
    /** Whether an option takes a value. */
    enum Value {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    /** What becomes of an option that is not followed. */
    private static final String NO_CHECKERS = "there are no health checkers here";

    private static final String NOT_BUILT = "not supported";

    /** keepalived's options. */
    enum Option {
        USE_FILE('f', "use-file", Value.REQUIRED),
        VRRP('P', "vrrp", Value.NONE),
        CHECK('C', "check", Value.NONE),
        NO_BFD('B', "no_bfd", Value.NONE),
        ALL('\0', "all", Value.NONE),
        LOG_CONSOLE('l', "log-console", Value.NONE),
        LOG_DETAIL('D', "log-detail", Value.NONE),
        LOG_FACILITY('S', "log-facility", Value.REQUIRED),
        LOG_FILE('g', "log-file", Value.REQUIRED),
        FLUSH_LOG_FILE('\0', "flush-log-file", Value.NONE),
        NO_SYSLOG('G', "no-syslog", Value.NONE),
        UMASK('u', "umask", Value.REQUIRED),
        RELEASE_VIPS('X', "release-vips", Value.NONE),
        DONT_RELEASE_VRRP('V', "dont-release-vrrp", Value.NONE, NOT_BUILT + ": addresses are removed at the end"),
        DONT_RELEASE_IPVS('I', "dont-release-ipvs", Value.NONE),
        DONT_RESPAWN('R', "dont-respawn", Value.NONE),
        DONT_FORK('n', "dont-fork", Value.NONE),
        DUMP_CONF('d', "dump-conf", Value.NONE),
        PID('p', "pid", Value.REQUIRED),
        VRRP_PID('r', "vrrp_pid", Value.REQUIRED),
        GENHASH('T', "genhash", Value.NONE, NOT_BUILT),
        CHECKERS_PID('c', "checkers_pid", Value.REQUIRED, NO_CHECKERS),
        ADDRESS_MONITORING('a', "address-monitoring", Value.NONE, NOT_BUILT + ": use `ip monitor address'"),
        BFD_PID('b', "bfd_pid", Value.REQUIRED, "there is no BFD here"),
        SNMP('x', "snmp", Value.NONE, "there is no SNMP here"),
        SNMP_SOCKET('A', "snmp-agent-socket", Value.REQUIRED, "there is no SNMP here"),
        NAMESPACE('s', "namespace", Value.REQUIRED),
        CORE_DUMP('m', "core-dump", Value.NONE),
        CORE_DUMP_PATTERN('M', "core-dump-pattern", Value.OPTIONAL, NOT_BUILT + ": the pattern is the system's"),
        ALL_CONFIG('e', "all-config", Value.NONE),
        CONFIG_ID('i', "config-id", Value.REQUIRED),
        SIGNUM('\0', "signum", Value.REQUIRED),
        CONFIG_TEST('t', "config-test", Value.OPTIONAL),
        PERF('\0', "perf", Value.OPTIONAL, NOT_BUILT),
        DEBUG('\0', "debug", Value.OPTIONAL, NOT_BUILT + ": use -D"),
        NO_MEM_CHECK('\0', "no-mem-check", Value.NONE),
        VERSION('v', "version", Value.NONE),
        HELP('h', "help", Value.NONE);

        final char letter;
        final String name;
        final Value value;
        /** Why it has no effect; empty for one that is followed, or has nothing to do. */
        final String ignored;

        Option(char letter, String name, Value value) {
            this(letter, name, value, "");
        }

        Option(char letter, String name, Value value, String ignored) {
            this.letter = letter;
            this.name = name;
            this.value = value;
            this.ignored = ignored;
        }

        @Override
        public String toString() {
            return letter == '\0' ? "--" + name : "-" + letter + " (--" + name + ")";
        }
    }

    static KeepalivedArguments parse(List<String> args) {
        Parser parser = new Parser(args);
        parser.run();
        return new KeepalivedArguments(parser.options, parser.errors);
    }

    boolean has(Option option) {
        return options.containsKey(option);
    }

    /** The value of an option that was given with one. */
    Optional<String> value(Option option) {
        return Optional.ofNullable(options.get(option)).filter(text -> !text.isEmpty());
    }

    /** One sentence for each option that has no effect. */
    List<String> warnings() {
        return options.keySet().stream()
                .filter(option -> !option.ignored.isEmpty())
                .map(option -> "option " + option + " has no effect: " + option.ignored)
                .toList();
    }

    /** One pass over the arguments. */
    private static final class Parser {
        private final List<String> args;
        private final Map<Option, String> options = new EnumMap<>(Option.class);
        private final List<String> errors = new ArrayList<>();
        private int at;

        Parser(List<String> args) {
            this.args = args;
        }

        void run() {
            while (at < args.size()) {
                String arg = args.get(at++);
                if (arg.equals("--")) {
                    args.subList(at, args.size()).forEach(this::unexpected);
                    return;
                }
                if (arg.startsWith("--")) {
                    longOption(arg.substring(2));
                } else if (arg.startsWith("-") && arg.length() > 1) {
                    bundle(arg.substring(1));
                } else {
                    unexpected(arg);
                }
            }
        }

        private void unexpected(String arg) {
            errors.add("Unexpected argument: " + arg);
        }

        private void longOption(String text) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            List<Option> known = new ArrayList<>();
            for (Option option : Option.values()) {
                if (option.name.equals(name)) {
                    known = List.of(option);
                    break;
                }
                if (option.name.startsWith(name)) {
                    known.add(option);
                }
            }
            if (known.size() != 1) {
                errors.add((known.isEmpty() ? "Unknown option --" : "Ambiguous option --") + name);
                return;
            }
            Option option = known.get(0);
            if (equals >= 0 && option.value == Value.NONE) {
                errors.add("Option " + option + " takes no value");
            } else if (equals >= 0) {
                options.put(option, text.substring(equals + 1));
            } else {
                withNextArgument(option);
            }
        }

        private void bundle(String letters) {
            for (int i = 0; i < letters.length(); i++) {
                Option option = ofLetter(letters.charAt(i));
                if (option == null) {
                    errors.add("Unknown option -" + letters.charAt(i));
                    continue;
                }
                String rest = letters.substring(i + 1);
                if (option.value != Value.NONE && !rest.isEmpty()) {
                    options.put(option, rest);
                    return;
                }
                withNextArgument(option);
            }
        }

        private static @Nullable Option ofLetter(char letter) {
            for (Option option : Option.values()) {
                if (option.letter == letter && letter != '\0') {
                    return option;
                }
            }
            return null;
        }

        private void withNextArgument(Option option) {
            if (option.value != Value.REQUIRED) {
                options.put(option, "");
            } else if (at < args.size()) {
                options.put(option, args.get(at++));
            } else {
                errors.add("Missing value of option " + option);
            }
        }
    }
}
