// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.keepstate.examples.control.LogLine;
import java.nio.charset.StandardCharsets;

/** Writes the lines of conntrackd's log file. */
public final class ConntrackdLogEncoder extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = LogLine.of(event.getTimeStamp(), levelName(event.getLevel()), event.getFormattedMessage());
        String trace =
                event.getThrowableProxy() == null ? "" : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
        return (line + trace + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What we tell an operator is a notice in conntrackd's words; its info is our debug. */
    static String levelName(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) {
            return "ERROR";
        }
        if (level.isGreaterOrEqual(Level.WARN)) {
            return "warning";
        }
        return level.isGreaterOrEqual(Level.INFO) ? "notice" : "info";
    }
}
