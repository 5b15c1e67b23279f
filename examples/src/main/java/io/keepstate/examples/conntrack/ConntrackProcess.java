// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** conntrack as the only thing a process does: {@code bin/conntrack}. */
public final class ConntrackProcess {
    private static final int OUTPUT_BUFFER = 1 << 16;
    private static final long LAST_WORDS_MILLIS = 2_000;

    private ConntrackProcess() {}

    /** Runs the command line; answers the exit code. SIGINT and SIGTERM end a listing of events in good order. */
    public static int run(List<String> words) {
        // What netty chooses by itself starts the daemons' logging, which takes longer than most commands.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new StandardOutput(), OUTPUT_BUFFER), false, StandardCharsets.UTF_8);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endInOrder(stop, done, main), "last-words"));
        int code;
        try {
            code = new ConntrackCommand(System.in, out, System.err, stop::get).run(words);
        } finally {
            done.set(true);
        }
        if (stop.get()) {
            // The machine is going down already, with the signal's exit code.
            Runtime.getRuntime().halt(code);
        }
        return code;
    }

    private static void endInOrder(AtomicBoolean stop, AtomicBoolean done, Thread main) {
        if (done.get()) {
            return;
        }
        stop.set(true);
        try {
            main.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
