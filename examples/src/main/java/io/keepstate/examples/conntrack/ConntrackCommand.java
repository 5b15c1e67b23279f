// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.ConntrackUnavailableException;
import io.keepstate.conntrack.codec.CpuStatistics;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Runs one command line of conntrack(8) in the calling thread's network namespace. Exit codes: 0 done, 1 it failed (or
 * -D, -U, -G met no flow), 2 the command line is wrong. One thread.
 */
public final class ConntrackCommand {
    /** Scripts take the version from here, so it is that of the conntrack whose behaviour this is. */
    private static final String VERSION = "1.4.7";

    private static final String PREFIX = "conntrack v" + VERSION + " (conntrack-tools): ";
    private static final Path ENTRIES = Path.of("/proc/sys/net/netfilter/nf_conntrack_count");

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final BooleanSupplier stopped;

    /**
     * A command.
     *
     * @param in what {@code -R -} reads
     * @param stopped asked while events are shown: whether to end
     */
    public ConntrackCommand(InputStream in, PrintStream out, PrintStream err, BooleanSupplier stopped) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.stopped = stopped;
    }

    /** Runs the command line; answers the exit code. */
    public int run(List<String> words) {
        try {
            return dispatch(words);
        } catch (Refusal refusal) {
            out.flush();
            err.println(PREFIX + refusal.text());
            if (refusal.exitCode() == Refusal.PARAMETER) {
                err.println("Try `conntrack -h' or 'conntrack --help' for more information.");
            }
            return refusal.exitCode();
        } catch (LinuxException failure) {
            out.flush();
            err.println(PREFIX + "Operation failed: " + Refusal.reason(Verb.NONE, failure.errno()));
            return Refusal.OTHER;
        } catch (ConntrackUnavailableException failure) {
            out.flush();
            err.println(PREFIX + "Operation failed: " + failure.getMessage());
            return Refusal.OTHER;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private int dispatch(List<String> words) {
        if (words.size() > 1 && (words.get(0).equals("-R") || words.get(0).equals("--load-file"))) {
            return load(words.get(1));
        }
        Arguments read = ArgumentParser.parse(words, err);
        switch (read.verb()) {
            case HELP, NONE -> {
                ConntrackHelp.print(out, VERSION, read.protocolOptions);
                return 0;
            }
            case VERSION -> {
                out.println("conntrack v" + VERSION + " (conntrack-tools)");
                return 0;
            }
            default -> {
                try (Conntrack kernel = open(read)) {
                    return onKernel(kernel, read);
                }
            }
        }
    }

    private Conntrack open(Arguments read) {
        ConntrackOptions options = ConntrackOptions.DEFAULTS.withEventBuffer(0, 0);
        try {
            // As setsockopt(2): the kernel doubles what is asked for.
            int octets = (int) Math.min(Integer.MAX_VALUE, read.bufferSize * 2L);
            return Conntrack.open(octets > 0 ? options.withEventBuffer(octets, 0) : options);
        } catch (ConntrackUnavailableException e) {
            if (!e.isDenied()) {
                throw e;
            }
            if (read.verb() == Verb.COUNT) {
                countForAll();
            }
            throw Refusal.kernel(read.verb(), Errno.EPERM);
        }
    }

    /** What everybody may read: conntrack shows it and refuses all the same. */
    private void countForAll() {
        try {
            out.println(Files.readString(ENTRIES).strip());
        } catch (IOException e) {
            // then there is nothing to show
        }
    }

    private int load(String file) {
        List<Arguments> commands = LoadFile.read(file, in, err);
        if (commands.isEmpty()) {
            return 0;
        }
        try (Conntrack kernel = open(commands.get(0))) {
            FlowCommands flows = new FlowCommands(kernel, out, err);
            for (Arguments command : commands) {
                switch (command.verb()) {
                    case CREATE, ADD -> flows.create(command);
                    case UPDATE -> flows.update(command);
                    case DELETE -> flows.delete(command);
                    default -> {
                        flows.flush(command);
                        err.println(PREFIX + "connection tracking table has been emptied.");
                    }
                }
            }
        }
        return 0;
    }

    private int onKernel(Conntrack kernel, Arguments read) {
        FlowCommands flows = new FlowCommands(kernel, out, err);
        ExpectationCommands expectations = new ExpectationCommands(kernel, out);
        return switch (read.verb()) {
            case LIST -> told(flows.list(read), "flow entries have been shown", true);
            case CREATE -> told(flows.create(read), "flow entries have been created", true);
            case ADD -> told(flows.create(read), "flow entries have been added", true);
            case UPDATE -> told(flows.update(read), "flow entries have been updated", false);
            case DELETE -> told(flows.delete(read), "flow entries have been deleted", false);
            case GET -> told(flows.get(read), "flow entries have been shown", false);
            case FLUSH -> {
                flows.flush(read);
                err.println(PREFIX + "connection tracking table has been emptied.");
                yield 0;
            }
            case COUNT -> printed(kernel.entryCount());
            case STATISTICS -> statistics(kernel.statistics());
            case EVENTS ->
                told(new EventCommand(read, out).run(kernel, stopped, err), "flow events have been shown", true);
            default -> onExpectations(kernel, expectations, read);
        };
    }

    private int onExpectations(Conntrack kernel, ExpectationCommands expectations, Arguments read) {
        return switch (read.verb()) {
            case LIST_EXPECTATIONS -> told(expectations.list(read), "expectations have been shown", true);
            case CREATE_EXPECTATION -> told(expectations.create(read), "expectations have been created", true);
            case GET_EXPECTATION -> told(expectations.get(read), "expectations have been shown", true);
            case DELETE_EXPECTATION -> told(expectations.delete(read), "expectations have been deleted", true);
            case FLUSH_EXPECTATIONS -> {
                expectations.flush(read);
                err.println(PREFIX + "expectation table has been emptied.");
                yield 0;
            }
            case COUNT_EXPECTATIONS -> printed(expectations.count(read));
            case EXPECTATION_STATISTICS -> statistics(kernel.expectationStatistics());
            default ->
                told(new EventCommand(read, out).run(kernel, stopped, err), "expectation events have been shown", true);
        };
    }

    /** Says how many; no entry at all is a failure of what was to find some. */
    private int told(long count, String what, boolean noneIsFine) {
        out.flush();
        err.println(PREFIX + count + " " + what + ".");
        return count > 0 || noneIsFine ? 0 : Refusal.OTHER;
    }

    private int printed(long number) {
        out.println(number);
        return 0;
    }

    private int statistics(List<CpuStatistics> processors) {
        for (CpuStatistics processor : processors) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "cpu=%-4d\t", processor.cpu()));
            processor
                    .counts()
                    .forEach((name, count) ->
                            line.append(name.label()).append('=').append(count).append(' '));
            out.println(line);
        }
        return 0;
    }
}
