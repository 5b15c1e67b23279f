// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.FilterReply;
import io.keepstate.examples.conf.conntrackd.GeneralConfig;
import io.keepstate.examples.control.LogLine;
import io.keepstate.linux.socket.SpecialFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds what conntrackd's file or keepalived's command line ask for to the console's log, in conntrackd's own formats. */
public final class DaemonLog {
    static final String CONNTRACKD_IDENT = "conntrack-tools";

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final Path SYSLOG_SOCKET = Path.of("/dev/log");
    private static final String KEEPALIVED_IDENT = "Keepalived_vrrp";

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
        if (config.syslog().isPresent()) {
            if (!Files.exists(SYSLOG_SOCKET)) {
                LOG.warn(
                        "Syslog is on, but there is no {}: nothing gets there until a syslog daemon runs",
                        SYSLOG_SOCKET);
            }
            add(toSyslog(CONNTRACKD_IDENT, config.syslog().get().code(), SYSLOG_SOCKET));
        }
    }

    /** From now on nobody waits for the console or a log file, until what is returned is closed. Syslog never waits. */
    static AutoCloseable neverWait() {
        ch.qos.logback.classic.Logger root = context().getLogger(Logger.ROOT_LOGGER_NAME);
        Map<LogQueue, Appender<ILoggingEvent>> queues = new LinkedHashMap<>();
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof OutputStreamAppender) {
                queues.put(new LogQueue(appender), appender);
            }
        });
        queues.forEach((queue, appender) -> {
            queue.start();
            root.addAppender(queue);
            root.detachAppender(appender);
        });
        return () -> queues.forEach((queue, appender) -> {
            if (root.detachAppender(queue)) {
                queue.stop();
                if (queue.isTaking()) {
                    leaveStandardStreams();
                } else {
                    root.addAppender(appender);
                }
            }
        });
    }

    /** Nobody reads: whoever wrote to them now, or only flushed them, would wait for ever, and the process with him. */
    private static void leaveStandardStreams() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        System.setOut(nowhere);
        System.setErr(nowhere);
    }

    /** What takes lines of ended flows to syslog, and nowhere else. */
    static Consumer<String> flowsToSyslog(int facility) {
        ch.qos.logback.classic.Logger flows = context().getLogger("flows");
        flows.setAdditive(false);
        flows.addAppender(toSyslog(CONNTRACKD_IDENT, facility, SYSLOG_SOCKET));
        return flows::info;
    }

    /** Makes the console conntrackd's: the lines of its log file, warnings and errors on the error stream. */
    static void useConntrackdConsole() {
        context().getLogger(Logger.ROOT_LOGGER_NAME).detachAppender("CONSOLE");
        add(toStream("ConsoleOut", ConsoleTarget.SystemOut, false));
        add(toStream("ConsoleErr", ConsoleTarget.SystemErr, true));
    }

    private static Appender<ILoggingEvent> toStream(String name, ConsoleTarget target, boolean warnings) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setName(name);
        appender.setContext(context());
        appender.setTarget(target.getName());
        appender.setEncoder(encoder());
        appender.addFilter(new Filter<>() {
            @Override
            public FilterReply decide(ILoggingEvent event) {
                return event.getLevel().isGreaterOrEqual(Level.WARN) == warnings
                        ? FilterReply.NEUTRAL
                        : FilterReply.DENY;
            }
        });
        appender.start();
        return appender;
    }

    /** A line for who cannot see the console, as it would stand there. */
    static String line(String level, String message) {
        return LogLine.of(System.currentTimeMillis(), level, message);
    }

    private static ConntrackdLogEncoder encoder() {
        ConntrackdLogEncoder encoder = new ConntrackdLogEncoder();
        encoder.setContext(context());
        encoder.start();
        return encoder;
    }

    /** Logs as keepalived's command line says: the console only if asked to, or if there is nowhere else. */
    static void open(KeepalivedOptions.Logging logging) {
        if (logging.detailed()) {
            context().getLogger("io.keepstate").setLevel(Level.DEBUG);
        }
        boolean elsewhere = false;
        if (logging.file().isPresent()) {
            Path file = ownName(logging.file().get());
            try {
                add(toFile(file));
                elsewhere = true;
            } catch (IOException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        if (logging.syslog() && Files.exists(SYSLOG_SOCKET)) {
            add(toSyslog(KEEPALIVED_IDENT, logging.facility(), SYSLOG_SOCKET));
            elsewhere = true;
        } else if (logging.syslog() && !logging.console()) {
            LOG.warn("{} is not there: logging to the console instead of to syslog", SYSLOG_SOCKET);
        }
        if (elsewhere && !logging.console()) {
            context().getLogger(Logger.ROOT_LOGGER_NAME).detachAppender("CONSOLE");
        }
    }

    /** keepalived puts the name of the process before the last dot. */
    static Path ownName(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        int at = dot < 0 ? name.length() : dot;
        return file.resolveSibling(name.substring(0, at) + "_vrrp" + name.substring(at));
    }

    static Appender<ILoggingEvent> toFile(Path file) throws IOException {
        if (SpecialFile.NAMED_PIPE.isAt(file)) {
            throw new IOException(
                    "cannot write the log file " + file + ": it is a named pipe, and would stop the daemon"
                            + " when nobody reads it; name a file, or use Syslog");
        }
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
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setName("LogFile");
        appender.setContext(context());
        appender.setFile(file.toString());
        appender.setEncoder(encoder());
        appender.start();
        return appender;
    }

    static SyslogAppender toSyslog(String ident, int facility, Path socket) {
        SyslogAppender appender = new SyslogAppender(ident, facility, socket);
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
