// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import io.keepstate.flow.Flow;
import io.keepstate.linux.socket.SpecialFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statistics log: a line for each flow that ended. Lines are gathered and written together; a disk that takes no more
 * costs lines, which are counted, and one warning, never the daemon.
 */
public final class EndedFlowLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndedFlowLog.class);
    private static final int GATHERED_OCTETS = 64 * 1024;

    private final @Nullable FileChannel channel;
    private final String name;
    private final Consumer<String> alsoTo;
    private final StringBuilder gathered = new StringBuilder();
    private int gatheredLines;
    private long lost;
    private boolean failing;

    private EndedFlowLog(String name, @Nullable FileChannel channel, Consumer<String> alsoTo) {
        this.name = name;
        this.channel = channel;
        this.alsoTo = alsoTo;
    }

    /**
     * Opens the file to append to it, if there is to be one.
     *
     * @param alsoTo gets each flow's line without its time, for syslog
     * @throws IOException with a sentence for the operator
     */
    public static EndedFlowLog open(Optional<Path> file, Consumer<String> alsoTo) throws IOException {
        if (file.isEmpty()) {
            return new EndedFlowLog("", null, alsoTo);
        }
        Path path = file.get();
        if (SpecialFile.NAMED_PIPE.isAt(path)) {
            throw new IOException(
                    "cannot write the log file " + path + ": it is a named pipe, and would stop the daemon"
                            + " when nobody reads it; name a file, or use Syslog in Stats");
        }
        try {
            return new EndedFlowLog(
                    path.toString(),
                    FileChannel.open(
                            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                    alsoTo);
        } catch (IOException e) {
            throw new IOException(
                    "cannot write the log file " + path + " (" + e.getClass().getSimpleName()
                            + "): check that its directory exists and may be written to, or change LogFile in Stats",
                    e);
        }
    }

    /** Adds a flow that ended at this time. */
    public void add(Flow flow, long wallMillis) {
        alsoTo.accept(EndedFlowLine.of(flow));
        if (channel == null) {
            return;
        }
        gathered.append(EndedFlowLine.of(flow, wallMillis)).append('\n');
        gatheredLines++;
        if (gathered.length() >= GATHERED_OCTETS) {
            write();
        }
    }

    /** Writes what is gathered. */
    public void write() {
        FileChannel file = channel;
        if (gatheredLines == 0 || file == null) {
            return;
        }
        try {
            ByteBuffer lines = ByteBuffer.wrap(gathered.toString().getBytes(StandardCharsets.UTF_8));
            while (lines.hasRemaining()) {
                file.write(lines);
            }
            failing = false;
        } catch (IOException full) {
            lost += gatheredLines;
            if (!failing) {
                LOG.warn(
                        "cannot write the log file {} ({}): until it can be written again ended flows are lost, {} so far",
                        name,
                        full.getMessage(),
                        lost);
            }
            failing = true;
        }
        gathered.setLength(0);
        gatheredLines = 0;
    }

    /** Octets that wait to be written. */
    int waiting() {
        return gathered.length();
    }

    /** Lines that could not be written. */
    public long lost() {
        return lost;
    }

    @Override
    public void close() throws IOException {
        write();
        if (channel != null) {
            channel.close();
        }
    }
}
