// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Sends log events to the local syslog as the C daemons do: with ident and process id. Never
 * waits; what syslog does not take at once is counted and lost.
 */
final class SyslogAppender extends AppenderBase<ILoggingEvent> {
    /** The time of the BSD syslog (RFC 3164 4.1.2): the day is padded with a blank. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    private final String ident;
    private final int facility;
    private final UnixSocketAddress address;
    private final AtomicLong lost = new AtomicLong();
    private @Nullable UnixDatagramChannel channel;

    /**
     * An appender, not started.
     *
     * @param ident what lines begin with
     * @param facility its number (RFC 5424 6.2.1)
     */
    SyslogAppender(String ident, int facility, Path socket) {
        this.ident = ident;
        this.facility = facility;
        this.address = new UnixSocketAddress(socket.toFile());
    }

    /** Events that syslog did not take; from any thread. */
    long lost() {
        return lost.get();
    }

    @Override
    protected void append(ILoggingEvent event) {
        byte[] message = format(event).getBytes(StandardCharsets.UTF_8);
        try {
            if (open().send(ByteBuffer.wrap(message), address) <= 0) {
                lost.incrementAndGet();
            }
        } catch (IOException | RuntimeException notTaken) {
            lost.incrementAndGet();
            closeChannel();
        }
    }

    private String format(ILoggingEvent event) {
        int priority = facility * 8 + severity(event.getLevel());
        String time = TIME.format(Instant.ofEpochMilli(event.getTimeStamp()).atZone(ZoneId.systemDefault()));
        return "<" + priority + ">" + time + " " + ident + "["
                + ProcessHandle.current().pid() + "]: " + event.getFormattedMessage();
    }

    /** Severities of RFC 5424 6.2.1; what we tell an operator is a notice. */
    private static int severity(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) {
            return 3;
        }
        if (level.isGreaterOrEqual(Level.WARN)) {
            return 4;
        }
        return level.isGreaterOrEqual(Level.INFO) ? 5 : 7;
    }

    private UnixDatagramChannel open() throws IOException {
        UnixDatagramChannel open = channel;
        if (open == null) {
            open = UnixDatagramChannel.open();
            open.configureBlocking(false);
            channel = open;
        }
        return open;
    }

    private void closeChannel() {
        UnixDatagramChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException closing) {
                // The descriptor is gone either way (close(2)).
            }
        }
    }

    @Override
    public void stop() {
        closeChannel();
        super.stop();
    }
}
