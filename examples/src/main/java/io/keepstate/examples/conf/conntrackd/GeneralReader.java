// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the {@code General} block. */
final class GeneralReader {
    private static final String DEFAULT_LOG = "/var/log/conntrackd.log";
    private static final int LONGEST_SOCKET_PATH = 107; // sun_path of unix(7), less its final NUL

    private final BlockReader in;
    private final Scalars scalars;
    private final Findings findings;
    private final FilterReader filter;

    private int nice;
    private int hashSize;
    private int hashLimit;
    private Optional<String> logFile = Optional.empty();
    private Optional<SyslogFacility> syslog = Optional.empty();
    private String lockFile = "/var/lock/conntrackd.lock";
    private String socketPath = "/var/run/conntrackd.ctl";
    private int backlog = 100;
    private int netlinkBufferSize;
    private int netlinkBufferSizeMaxGrowth;
    private int netlinkOverrunResync = 30;
    private boolean netlinkEventsReliable;

    GeneralReader(BlockReader in, Scalars scalars, Findings findings) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
        this.filter = new FilterReader(in, findings);
    }

    GeneralConfig config() {
        return new GeneralConfig(
                nice,
                hashSize == 0 ? 65_536 : hashSize,
                hashLimit == 0 ? 262_144 : hashLimit,
                logFile,
                syslog,
                lockFile,
                new GeneralConfig.UnixSocket(socketPath, backlog),
                netlinkBufferSize,
                netlinkBufferSizeMaxGrowth,
                netlinkOverrunResync,
                netlinkEventsReliable,
                filter.config());
    }

    void read(Token block) {
        in.block(
                block,
                new Directives()
                        .on(
                                "Nice",
                                ignored(
                                        scalars.number(-20, 20, value -> nice = value),
                                        "has no effect: start the daemon with nice(1), or remove it to silence this"))
                        .on(
                                "HashSize",
                                ignored(
                                        scalars.number(0, Integer.MAX_VALUE, value -> hashSize = value),
                                        "has no effect, the caches size themselves; HashLimit bounds them"))
                        .on("HashLimit", scalars.number(0, Integer.MAX_VALUE, value -> hashLimit = value))
                        .on("LogFile", this::logFile)
                        .on("Syslog", this::syslog)
                        .on("LockFile", path(value -> lockFile = value))
                        .on("UNIX", this::unix)
                        .on(
                                "NetlinkBufferSize",
                                scalars.number(0, Integer.MAX_VALUE, value -> netlinkBufferSize = value),
                                "SocketBufferSize")
                        .on(
                                "NetlinkBufferSizeMaxGrowth",
                                scalars.number(0, Integer.MAX_VALUE, value -> netlinkBufferSizeMaxGrowth = value),
                                "SocketBufferSizeMaxGrowth",
                                "SocketBufferSizeMaxGrown")
                        .on("NetlinkOverrunResync", this::overrunResync)
                        .on("NetlinkEventsReliable", this::eventsReliable)
                        .on("Filter", filter::read));
    }

    private Directives.Handler ignored(Directives.Handler handler, String why) {
        return name -> {
            findings.warn(name, why);
            handler.read(name);
        };
    }

    private void logFile(Token name) {
        Token value = in.value(name, "on|off|/PATH");
        if (value == null) {
            return;
        }
        switch (value.text().toLowerCase(Locale.ROOT)) {
            case "on", "yes" -> logFile = Optional.of(DEFAULT_LOG);
            case "off", "no" -> logFile = Optional.empty();
            default -> absolute(name, value, path -> logFile = Optional.of(path));
        }
    }

    private void syslog(Token name) {
        Token value = in.value(name, "on|off|daemon|local0..local7");
        if (value == null) {
            return;
        }
        switch (value.text().toLowerCase(Locale.ROOT)) {
            case "on", "yes" -> syslog = Optional.of(SyslogFacility.DAEMON);
            case "off", "no" -> syslog = Optional.empty();
            default -> {
                syslog = SyslogFacility.named(value.text());
                if (syslog.isEmpty()) {
                    findings.warn(
                            name,
                            "`" + value.text() + "' is no syslog facility, the directive has no effect:"
                                    + " write on, off, daemon or local0 to local7");
                }
            }
        }
    }

    private void unix(Token name) {
        in.block(
                name,
                new Directives()
                        .on("Path", path(value -> {
                            if (value.getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
                                findings.error(
                                        name,
                                        "the path of a unix socket has at most " + LONGEST_SOCKET_PATH
                                                + " octets: choose a shorter Path");
                            }
                            socketPath = value;
                        }))
                        .on(
                                "Backlog",
                                ignored(
                                        scalars.number(0, Integer.MAX_VALUE, value -> backlog = value),
                                        "has no effect: remove it to silence this")));
    }

    private void eventsReliable(Token name) {
        scalars.onOff(value -> {
                    netlinkEventsReliable = value;
                    if (value) {
                        findings.warn(
                                name,
                                "reliable events are not supported, lost ones are repaired by reading the table again"
                                        + " (NetlinkOverrunResync): write off to silence this");
                    }
                })
                .read(name);
    }

    private void overrunResync(Token name) {
        Token value = in.value(name, "on|off|SECONDS");
        if (value == null) {
            return;
        }
        switch (value.text().toLowerCase(Locale.ROOT)) {
            case "on", "yes", "0" -> netlinkOverrunResync = 30;
            case "off", "no" -> {
                netlinkOverrunResync = -1;
                findings.warn(
                        name,
                        "off has no effect, after lost events the kernel's table is read again in 30 seconds: write"
                                + " a number of seconds to silence this");
            }
            default -> {
                if (value.text().matches("[0-9]{1,9}")) {
                    netlinkOverrunResync = Integer.parseInt(value.text());
                } else {
                    findings.error(
                            name, "`" + value.text() + "' is neither on, off nor a number of seconds: write one");
                }
            }
        }
    }

    private Directives.Handler path(Consumer<String> setter) {
        return name -> {
            Token value = in.value(name, "/PATH");
            if (value != null) {
                absolute(name, value, setter);
            }
        };
    }

    private void absolute(Token name, Token value, Consumer<String> setter) {
        if (value.text().startsWith("/")) {
            setter.accept(value.text());
        } else {
            findings.error(name, "`" + value.text() + "' is not an absolute path: begin it with `/'");
        }
    }
}
