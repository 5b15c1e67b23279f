// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.examples.dump.capture.CaptureException;
import io.keepstate.examples.dump.capture.CaptureReader;
import io.keepstate.examples.dump.capture.Frame;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** {@code keepstate dump}: from frames to lines. */
public final class Dump {
    /** Everything was read, and nothing was malformed. */
    public static final int CLEAN = 0;
    /** At least one message was malformed. */
    public static final int MALFORMED = 1;
    /** It could not start, or not go on to the end. */
    public static final int CANNOT_RUN = 2;

    private final DumpOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private final LineWriter lines;
    private final Dissector dissector;
    private boolean malformed;
    /** Nobody takes what is printed: the reader of a pipe has ended, or the disk is full. */
    private boolean outputFailed;

    /** Prints lines to {@code out}, complaints to {@code err}. */
    public Dump(DumpOptions options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
        this.lines = options.json() ? new JsonLines(out) : new TextLines(out);
        this.dissector = new Dissector(options.syncPort(), this::write);
    }

    /** Runs to the end, or until a signal, and answers the exit code. */
    public int run() {
        try {
            if (options.interfaceName().isPresent()) {
                new LiveCapture(options.interfaceName().get(), options.count(), this::takeLive, this::exitCode).run();
            } else {
                read();
            }
            if (outputFailed) {
                err.println(
                        "keepstate dump: standard output takes no more: its reader has ended, or the disk is full.");
            }
            return exitCode();
        } catch (CaptureException e) {
            err.println("keepstate dump: " + e.getMessage());
            return CANNOT_RUN;
        }
    }

    private int exitCode() {
        if (outputFailed) {
            return CANNOT_RUN;
        }
        return malformed ? MALFORMED : CLEAN;
    }

    private void read() throws CaptureException {
        try (CaptureReader reader = CaptureReader.open(options.file().orElseThrow())) {
            Optional<Frame> frame = reader.next();
            while (frame.isPresent()) {
                take(frame.get());
                boolean enough =
                        outputFailed || (options.count() > 0 && frame.get().number() >= options.count());
                frame = enough ? Optional.empty() : reader.next();
            }
        }
    }

    private void take(Frame frame) throws CaptureException {
        if (!LinkFrame.knows(frame.linkType())) {
            throw new CaptureException(options.file().orElseThrow() + ": frame " + frame.number() + " has link type "
                    + frame.linkType() + ", which is not supported: capture on Ethernet, a Linux cooked or a raw IP"
                    + " interface.");
        }
        dissector.dissect(frame);
    }

    /** Whether to go on. */
    private boolean takeLive(Frame frame) {
        dissector.dissect(frame);
        return !outputFailed;
    }

    private void write(DumpLine line) {
        malformed |= line.isMalformed();
        try {
            lines.write(line);
            outputFailed |= out.checkError();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
