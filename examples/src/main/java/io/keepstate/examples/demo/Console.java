// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What the user sees: events, one line each with the time since the start, and, on a terminal, a block of status lines
 * kept below them. Thread-safe.
 */
final class Console {
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final boolean terminal;
    private final long startNanos;
    private int blockLines;

    /** The console of this process; live if its standard output is a terminal. */
    static Console standard() {
        return new Console(System.out, standardOutputIsTerminal(), System.nanoTime());
    }

    /** Not {@link System#console}: later JDKs have one without a terminal, too. */
    private static boolean standardOutputIsTerminal() {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException unknown) {
            return false;
        }
    }

    Console(PrintStream out, boolean terminal, long startNanos) {
        this.out = out;
        this.terminal = terminal;
        this.startNanos = startNanos;
    }

    /** Something happened. */
    synchronized void event(String text) {
        clearBlock();
        double seconds = (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds, text));
        out.flush();
    }

    /** Text as it is; the status block goes. */
    synchronized void print(String text) {
        clearBlock();
        out.print(text);
        out.flush();
    }

    /** Replaces the status block; nothing without a terminal. */
    synchronized void status(List<String> lines) {
        if (!terminal) {
            return;
        }
        clearBlock();
        for (String line : lines) {
            out.println(line.length() > WIDTH ? line.substring(0, WIDTH) : line);
        }
        blockLines = lines.size();
        out.flush();
    }

    /** ECMA-48: cursor up, erase to the end of the display. */
    private void clearBlock() {
        if (blockLines > 0) {
            out.print("\u001b[" + blockLines + "A\u001b[J");
            blockLines = 0;
        }
    }
}
