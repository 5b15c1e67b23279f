// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.examples.control.ControlRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of conntrackd(8), with its own rules: an option is known by its second character, a word after an
 * option by the letters typed, and the last action wins.
 *
 * @param action what to do
 * @param request for {@link Action#REQUEST}
 * @param configFile the file after {@code -C}
 * @param ownFile the file after {@code --keepstate-conf}, empty if there is none
 * @param warning what is better said in another way, empty if nothing
 * @param error what is wrong, for {@link Action#USAGE_ERROR}
 * @param showUsage whether the usage follows the error
 */
record ConntrackdArguments(
        Action action,
        @Nullable ControlRequest request,
        String configFile,
        String ownFile,
        String warning,
        String error,
        boolean showUsage) {
    /** What the arguments ask for. */
    enum Action {
        FOREGROUND,
        DETACH,
        REQUEST,
        VERSION,
        HELP,
        USAGE_ERROR
    }

    static final String DEFAULT_CONFIG = "/etc/conntrackd/conntrackd.conf";

    private record Word(String name, ControlRequest request) {}

    private static final List<Word> STATS = List.of(
            new Word("network", ControlRequest.STATS_NETWORK),
            new Word("cache", ControlRequest.STATS_CACHE),
            new Word("runtime", ControlRequest.STATS_RUNTIME),
            new Word("multicast", ControlRequest.STATS_LINK),
            new Word("link", ControlRequest.STATS_LINK),
            new Word("rsqueue", ControlRequest.STATS_RESEND_QUEUE),
            new Word("process", ControlRequest.STATS_PROCESS),
            new Word("queue", ControlRequest.STATS_QUEUE),
            new Word("ct", ControlRequest.STATS),
            new Word("expect", ControlRequest.STATS_EXPECT),
            new Word("limits", ControlRequest.STATS_LIMITS)); // last: no beginning of conntrackd's words means it
    private static final List<Word> FLUSH = List.of(
            new Word("internal", ControlRequest.FLUSH_INTERNAL), new Word("external", ControlRequest.FLUSH_EXTERNAL));
    /** Options with an optional {@code ct} or {@code expect}; a word that is neither is the next option. */
    private static final Map<Character, List<Word>> TABLES = Map.of(
            'c', tables(ControlRequest.COMMIT_FLOWS, ControlRequest.COMMIT_EXPECTATIONS),
            'i', tables(ControlRequest.DUMP_INTERNAL, ControlRequest.DUMP_INTERNAL_EXPECTATIONS),
            'e', tables(ControlRequest.DUMP_EXTERNAL, ControlRequest.DUMP_EXTERNAL_EXPECTATIONS),
            'F', tables(ControlRequest.FLUSH_KERNEL_FLOWS, ControlRequest.FLUSH_KERNEL_EXPECTATIONS),
            'R', tables(ControlRequest.RESYNC_KERNEL_FLOWS, ControlRequest.RESYNC_KERNEL_EXPECTATIONS));

    private static final Map<Character, ControlRequest> ALONE = Map.of(
            'c', ControlRequest.COMMIT,
            'i', ControlRequest.DUMP_INTERNAL,
            'e', ControlRequest.DUMP_EXTERNAL,
            'F', ControlRequest.FLUSH_KERNEL,
            'R', ControlRequest.RESYNC_KERNEL,
            'k', ControlRequest.KILL,
            'B', ControlRequest.SEND_BULK,
            'n', ControlRequest.REQUEST_RESYNC,
            't', ControlRequest.RESET_TIMERS);
    private static final Map<ControlRequest, ControlRequest> XML = Map.of(
            ControlRequest.DUMP_INTERNAL, ControlRequest.DUMP_INTERNAL_XML,
            ControlRequest.DUMP_EXTERNAL, ControlRequest.DUMP_EXTERNAL_XML,
            ControlRequest.DUMP_INTERNAL_EXPECTATIONS, ControlRequest.DUMP_INTERNAL_EXPECTATIONS_XML,
            ControlRequest.DUMP_EXTERNAL_EXPECTATIONS, ControlRequest.DUMP_EXTERNAL_EXPECTATIONS_XML);

    static ConntrackdArguments parse(List<String> args) {
        return new Parser(args).parse();
    }

    private static List<Word> tables(ControlRequest flows, ControlRequest expectations) {
        return List.of(new Word("ct", flows), new Word("expect", expectations));
    }

    /** One pass over the arguments. */
    private static final class Parser {
        private final List<String> args;
        private int at;
        private String configFile = DEFAULT_CONFIG;
        private String ownFile = "";
        private String warning = "";
        private boolean detach;
        private @Nullable ControlRequest request;

        Parser(List<String> args) {
            this.args = args;
        }

        ConntrackdArguments parse() {
            while (at < args.size()) {
                String arg = args.get(at++);
                if (arg.equals("--keepstate-conf") && at < args.size()) {
                    ownFile = args.get(at++); // conntrackd knows no option that begins so
                    continue;
                }
                ConntrackdArguments ended = option(arg, arg.length() > 1 ? arg.charAt(1) : 0);
                if (ended != null) {
                    return ended;
                }
            }
            if (detach && request != null) {
                return usageError("Invalid parameters", true);
            }
            return end(request != null ? Action.REQUEST : detach ? Action.DETACH : Action.FOREGROUND);
        }

        private @Nullable ConntrackdArguments option(String arg, char letter) {
            switch (letter) {
                case 'd' -> detach = true;
                case 'C' -> {
                    if (at == args.size()) {
                        return usageError("Missing config filename", true);
                    }
                    configFile = args.get(at++);
                }
                case 'v' -> {
                    return end(Action.VERSION);
                }
                case 'h' -> {
                    return end(Action.HELP);
                }
                case 's' -> {
                    return word(letter, STATS, ControlRequest.STATS);
                }
                case 'f' -> {
                    return word(letter, FLUSH, ControlRequest.FLUSH_CACHES);
                }
                case 'x' -> {
                    ControlRequest xml = request == null ? null : XML.get(request);
                    if (xml == null) {
                        return usageError("Invalid parameters", true);
                    }
                    request = xml;
                }
                default -> {
                    ControlRequest alone = ALONE.get(letter);
                    if (alone == null) {
                        return usageError("Unknown option: " + arg, true);
                    }
                    Word table = TABLES.containsKey(letter) ? find(TABLES.getOrDefault(letter, List.of())) : null;
                    request = table == null ? alone : table.request();
                }
            }
            return null;
        }

        private @Nullable ConntrackdArguments word(char letter, List<Word> words, ControlRequest alone) {
            if (at == args.size() || args.get(at).startsWith("-")) {
                request = alone;
                return null;
            }
            Word word = find(words);
            if (word == null) {
                return usageError("unknown parameter `" + args.get(at) + "' for option `-" + letter + "'", false);
            }
            if (word.name().equals("multicast")) {
                warning = "use `link' instead of `multicast' as parameter.";
            }
            request = word.request();
            return null;
        }

        /** Takes the next argument if it is the beginning of one of the words. */
        private @Nullable Word find(List<Word> words) {
            if (at < args.size()) {
                for (Word word : words) {
                    if (word.name().startsWith(args.get(at))) {
                        at++;
                        return word;
                    }
                }
            }
            return null;
        }

        private ConntrackdArguments end(Action action) {
            return new ConntrackdArguments(action, request, configFile, ownFile, warning, "", false);
        }

        private ConntrackdArguments usageError(String message, boolean showUsage) {
            return new ConntrackdArguments(Action.USAGE_ERROR, null, configFile, ownFile, warning, message, showUsage);
        }
    }
}
