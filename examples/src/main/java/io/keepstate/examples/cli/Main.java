// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.examples.conf.keepalived.ConfigurationVerdict;
import io.keepstate.examples.conf.keepalived.KeepalivedReader;
import io.keepstate.examples.conf.keepalived.ThisMachine;
import io.keepstate.examples.conntrack.ConntrackProcess;
import io.keepstate.examples.daemon.ConntrackdOptions;
import io.keepstate.examples.daemon.ConntrackdProcess;
import io.keepstate.examples.daemon.KeepalivedOptions;
import io.keepstate.examples.daemon.KeepalivedProcess;
import io.keepstate.examples.daemon.WaitingLauncher;
import io.keepstate.linux.libc.NativeUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** The {@code keepstate} command. */
public final class Main {
    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        int code = run(args);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    static int run(String[] args) {
        try {
            return dispatch(args);
        } catch (UnsupportedOperationException e) {
            // Not caught as what it is: that would load a class of the native layer for clients that need none.
            if (!(e instanceof NativeUnavailableException)) {
                throw e;
            }
            boolean conntrack = args[0].startsWith("conntrack");
            int code = conntrack ? 1 : KeepstateCommand.CANNOT_RUN;
            String says = args[0] + ": " + e.getMessage();
            System.err.println(says);
            WaitingLauncher.tell(code, says);
            return code;
        }
    }

    private static int dispatch(String[] args) {
        // The client is dispatched by hand: what it does not load it does not wait for.
        if (args.length > 0 && args[0].equals("conntrackd")) {
            return conntrackd(Arrays.asList(args).subList(1, args.length));
        }
        if (args.length > 0 && args[0].equals("conntrack")) {
            return ConntrackProcess.run(Arrays.asList(args).subList(1, args.length));
        }
        if (args.length > 1 && args[0].equals("client-training")) {
            return ClientTraining.run(Path.of(args[1]));
        }
        if (args.length > 0 && args[0].equals("keepalived")) {
            List<String> rest = Arrays.asList(args).subList(1, args.length);
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
            return keepalived(rest, out);
        }
        return KeepstateCommand.execute(args);
    }

    private static int conntrackd(List<String> args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        if (!WaitingLauncher.waits()) {
            return new ConntrackdCommand(out, System.err, new ConntrackdDaemon()).run(args);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = new ConntrackdCommand(out, err, new ConntrackdDaemon()).run(args);
        WaitingLauncher.tell(code, said.toString(StandardCharsets.UTF_8));
        return code;
    }

    /** In the background nobody would see what is said on the error stream: the launcher says it. */
    private static int keepalived(List<String> args, PrintStream out) {
        if (!WaitingLauncher.waits()) {
            return new KeepalivedCommand(out, System.err, new KeepalivedNode()).run(args);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = new KeepalivedCommand(out, err, new KeepalivedNode()).run(args);
        WaitingLauncher.tell(code, said.toString(StandardCharsets.UTF_8));
        return code;
    }

    /** What conntrackd's command line starts; a class of its own, so that a client never looks at the daemon. */
    private static final class ConntrackdDaemon implements ToIntFunction<ConntrackdOptions> {
        @Override
        public int applyAsInt(ConntrackdOptions options) {
            return ConntrackdProcess.run(options);
        }
    }

    /** What keepalived's command line starts. */
    private static final class KeepalivedNode implements KeepalivedCommand.Daemon {
        @Override
        public int applyAsInt(KeepalivedOptions options) {
            return KeepalivedProcess.run(options);
        }

        @Override
        public ConfigurationVerdict review(KeepalivedOptions options) {
            String configId = options.configId().orElseGet(KeepalivedReader::hostName);
            return ConfigurationVerdict.of(options.configFile(), configId, new ThisMachine());
        }
    }
}
