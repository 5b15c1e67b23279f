// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.node.config.NetlinkSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code General} block. */
final class GeneralReader {
    private static final int LONGEST_PATH = 256;
    private static final int LONGEST_SOCKET_PATH = 107; // sun_path of unix(7), less its final NUL
    private static final int DEFAULT_RESYNC_SECONDS = 30;

    private final Statements in;
    private final Scalars scalars;
    private final Findings findings;
    private final FilterReader filter;

    private int hashLimit;
    private Optional<String> logFile = Optional.empty();
    private Optional<SyslogFacility> syslog = Optional.empty();
    private String lockFile = "/var/lock/conntrackd.lock";
    private String socketPath = "/var/run/conntrackd.ctl";
    private boolean systemd = true;
    private Optional<Integer> realTimePriority = Optional.empty();
    private int netlinkBuffer;
    private int netlinkBufferLimit;
    private int overrunResync = DEFAULT_RESYNC_SECONDS;
    private boolean eventsReliable;
    private int pollSecs;

    GeneralReader(Statements in, Scalars scalars, Findings findings) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
        this.filter = new FilterReader(in, findings);
    }

    GeneralConfig config() {
        return new GeneralConfig(
                orDefault(hashLimit, 262_144),
                logFile,
                syslog,
                lockFile,
                new GeneralConfig.UnixSocket(socketPath),
                systemd,
                realTimePriority,
                new NetlinkSettings(
                        netlinkBuffer,
                        netlinkBufferLimit,
                        overrunResync < 0
                                ? Optional.empty()
                                : Optional.of(Duration.ofSeconds(orDefault(overrunResync, DEFAULT_RESYNC_SECONDS))),
                        eventsReliable,
                        pollSecs == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(pollSecs)),
                        filter.inKernel()),
                filter.filter());
    }

    Optional<SyslogFacility> syslog() {
        return syslog;
    }

    void read(Token block) {
        in.block(block, daemon(kernel(new Directives())));
    }

    private Directives daemon(Directives table) {
        return table.on(
                        "Nice",
                        scalars.signed("has no effect, in conntrackd neither since 1.4.5: start the daemon with"
                                + " nice(1), or remove it to silence this"))
                .on("HashSize", noEffect("the caches size themselves; HashLimit bounds them"))
                .on("HashLimit", scalars.number(value -> hashLimit = value))
                .on("LogFile", scalars.logFile("/var/log/conntrackd.log", value -> logFile = value))
                .on("Syslog", scalars.syslog(value -> syslog = value))
                .on("LockFile", scalars.path(LONGEST_PATH, value -> lockFile = value))
                .on("UNIX", this::unix)
                .on("Systemd", scalars.onOff(value -> systemd = value))
                .on("Scheduler", this::scheduler);
    }

    private Directives kernel(Directives table) {
        return table.on("NetlinkBufferSize", scalars.number(value -> netlinkBuffer = value), "SocketBufferSize")
                .on(
                        "NetlinkBufferSizeMaxGrowth",
                        scalars.number(value -> netlinkBufferLimit = value),
                        "SocketBufferSizeMaxGrowth",
                        "SocketBufferSizeMaxGrown")
                .on("NetlinkOverrunResync", this::overrunResync)
                .on("NetlinkEventsReliable", scalars.onOff(value -> eventsReliable = value))
                .on("PollSecs", this::pollSecs)
                .on("EventIterationLimit", noEffect("the loops share their turns by themselves"))
                .on("Filter", filter::read);
    }

    private Directives.Handler noEffect(String reason) {
        return name -> scalars.number(value -> findings.note(name, "has no effect, " + reason))
                .read(name);
    }

    private void unix(Token name) {
        in.block(
                name,
                new Directives()
                        .on("Path", scalars.path(LONGEST_SOCKET_PATH, value -> socketPath = value))
                        .on(
                                "Backlog",
                                backlog -> scalars.number(value -> findings.warn(
                                                backlog,
                                                "has no effect, in conntrackd neither since 1.4.5: remove it to silence"
                                                        + " this"))
                                        .read(backlog)));
    }

    private void scheduler(Token name) {
        // conntrackd's own default; the block being there asks for it.
        realTimePriority = Optional.of(99);
        in.block(name, new Directives().on("Type", this::schedulerType).on("Priority", scalars.number(value -> {
                    if (value > 99) {
                        findings.error(name, "`Priority' " + value + " is not in 0..99: write such a number");
                    }
                    realTimePriority = Optional.of(value);
                })));
    }

    private void schedulerType(Token name) {
        Token type = in.take(name, "RR|FIFO", Set.of(Token.Kind.WORD));
        if (type == null || type.text().equalsIgnoreCase("RR")) {
            return;
        }
        if (type.text().equalsIgnoreCase("FIFO")) {
            findings.note(name, "FIFO has no effect, the loops run with SCHED_RR: at most one of them has a priority");
        } else {
            findings.error(name, "there is no scheduler `" + type.text() + "': write RR or FIFO");
        }
    }

    private void pollSecs(Token name) {
        scalars.number(value -> {
                    pollSecs = value;
                    if (value == 0) {
                        findings.error(name, "0 seconds between two readings of the table: write 1 or more");
                    } else {
                        findings.note(
                                name,
                                "flows that live shorter than " + value + " seconds are not replicated, since the table"
                                        + " is read at intervals and no events are: remove it to follow events");
                    }
                })
                .read(name);
    }

    private void overrunResync(Token name) {
        Token value = in.take(name, "on|off|SECONDS", Set.of(Token.Kind.SWITCH, Token.Kind.NUMBER));
        if (value == null) {
            return;
        }
        if (value.kind() == Token.Kind.NUMBER) {
            overrunResync = scalars.toInt(name, value);
        } else {
            overrunResync = Scalars.isOn(value) ? DEFAULT_RESYNC_SECONDS : -1;
        }
    }

    private static int orDefault(int value, int byDefault) {
        return value == 0 ? byDefault : value;
    }
}
