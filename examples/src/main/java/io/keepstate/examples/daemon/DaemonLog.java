// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import io.keepstate.examples.conf.conntrackd.GeneralConfig;
import io.keepstate.examples.conf.conntrackd.SyslogFacility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds conntrackd's {@code LogFile} and {@code Syslog} to the console's log, in conntrackd's own formats. */
public final class DaemonLog {
    private static final Path SYSLOG_SOCKET = Path.of("/dev/log");

    private DaemonLog() {}

    /**
     * Opens what the configuration asks for.
     *
     * @throws IOException with a sentence for the operator, if the log file cannot be written
     */
    public static void open(GeneralConfig config) throws IOException {
        if (config.logFile().isPresent()) {
            add(toFile(Path.of(config.logFile().get())));
        }
        config.syslog().ifPresent(facility -> add(toSyslog(facility, SYSLOG_SOCKET)));
    }

    static Appender<ILoggingEvent> toFile(Path file) throws IOException {
        try {
            // Opened once beforehand: the library itself would only note a failure and go on.
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new IOException(
                    "cannot write the log file " + file + " (" + e.getClass().getSimpleName()
                            + "): check that its directory exists and may be written to, or change LogFile",
                    e);
        }
        ConntrackdLogEncoder encoder = new ConntrackdLogEncoder();
        encoder.setContext(context());
        encoder.start();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setName("LogFile");
        appender.setContext(context());
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    static SyslogAppender toSyslog(SyslogFacility facility, Path socket) {
        SyslogAppender appender = new SyslogAppender(facility, socket);
        appender.setName("Syslog");
        appender.setContext(context());
        appender.start();
        return appender;
    }

    private static void add(Appender<ILoggingEvent> appender) {
        context().getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
