// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Sync} block. */
final class SyncReader {
    private static final int MOST_LINKS = 4;

    private final BlockReader in;
    private final Scalars scalars;
    private final Findings findings;
    private final List<UdpLink> links = new ArrayList<>();

    private @Nullable Token seen;
    private boolean modeSeen;
    private boolean linkSeen;
    private boolean disableExternalCache;
    private int commitTimeout;
    private int purgeTimeout = 60;
    private int resendQueueSize = 131_072;
    private int ackWindowSize = 300;
    private boolean startupResync;
    private boolean tcpWindowTracking;

    SyncReader(BlockReader in, Scalars scalars, Findings findings) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
    }

    boolean seen() {
        return seen != null;
    }

    SyncConfig config() {
        return new SyncConfig(
                new FtfwConfig(
                        disableExternalCache,
                        commitTimeout,
                        purgeTimeout == 0 ? 60 : purgeTimeout,
                        resendQueueSize == 0 ? 131_072 : resendQueueSize,
                        ackWindowSize == 0 ? 300 : ackWindowSize,
                        startupResync),
                links,
                new SyncConfig.Options(tcpWindowTracking));
    }

    void read(Token name) {
        if (seen != null) {
            findings.warn(
                    name, "a second Sync block is added to the first one of line " + seen.line() + ": write one block");
        }
        seen = name;
        in.block(
                name,
                new Directives()
                        .on("Mode", this::mode)
                        .on("UDP", this::udp)
                        .on("TCP", transport -> otherTransport(transport, "TCP"))
                        .on("Multicast", transport -> otherTransport(transport, "multicast"))
                        .on("Options", this::options)
                        .on("CommitTimeout", scalars.number(0, Integer.MAX_VALUE, value -> commitTimeout = value))
                        .on("PurgeTimeout", scalars.number(0, Integer.MAX_VALUE, value -> purgeTimeout = value)));
        if (!modeSeen) {
            findings.warn(name, "no Mode is given, FTFW is used: write `Mode FTFW { }'");
        }
        if (!linkSeen) {
            findings.error(
                    name,
                    "there is no link to the peer: add a block `UDP { IPv4_address .."
                            + " IPv4_Destination_Address .. Port 3780 Interface .. }'");
        }
    }

    private void mode(Token name) {
        Token mode = in.value(name, "FTFW { }");
        if (mode == null) {
            in.skip(name);
            return;
        }
        modeSeen = true;
        switch (mode.text().toUpperCase(Locale.ROOT)) {
            case "FTFW" -> in.block(name, ftfw());
            case "NACK" -> {
                findings.warn(name, "NACK is the old name of FTFW: write `Mode FTFW'");
                in.block(name, ftfw());
            }
            case "NOTRACK", "ALARM", "PERSISTENT" -> {
                findings.warn(
                        name,
                        "mode " + mode.text() + " is not supported, FTFW is used with its defaults:"
                                + " write `Mode FTFW { }' on both nodes");
                in.skip(name);
            }
            default -> {
                findings.error(name, "`" + mode.text() + "' is no mode: write `Mode FTFW { }'");
                in.skip(name);
            }
        }
    }

    private Directives ftfw() {
        return new Directives()
                .on("DisableExternalCache", this::disableExternalCache)
                .on("CommitTimeout", scalars.number(0, Integer.MAX_VALUE, value -> commitTimeout = value))
                .on("PurgeTimeout", scalars.number(0, Integer.MAX_VALUE, value -> purgeTimeout = value))
                .on("ResendQueueSize", scalars.number(0, Integer.MAX_VALUE, value -> resendQueueSize = value))
                .on("ACKWindowSize", scalars.number(0, Integer.MAX_VALUE, value -> ackWindowSize = value))
                .on("StartupResync", this::startupResync);
    }

    private void disableExternalCache(Token name) {
        scalars.onOff(value -> {
                    disableExternalCache = value;
                    if (value) {
                        findings.warn(
                                name,
                                "injecting the peer's flows into the kernel at once is not supported: they are kept in"
                                        + " the external cache and committed at the takeover; write"
                                        + " `DisableExternalCache off' to silence this");
                    }
                })
                .read(name);
    }

    private void startupResync(Token name) {
        scalars.onOff(value -> {
                    startupResync = value;
                    if (!value) {
                        findings.warn(
                                name,
                                "off has no effect, the peer is always asked for its flows at the start: write"
                                        + " `StartupResync on' or remove it to silence this");
                    }
                })
                .read(name);
    }

    private void udp(Token name) {
        linkSeen = true;
        boolean isDefault = in.accept("Default");
        LinkReader link = new LinkReader(in, scalars, findings, name, isDefault);
        UdpLink read = link.read();
        if (links.size() == MOST_LINKS) {
            findings.warn(name, "this link is the fifth and is ignored: keep at most " + MOST_LINKS + " UDP blocks");
        } else if (read != null) {
            if (!links.isEmpty()) {
                findings.warn(
                        name,
                        "a second link is not supported, only one of the UDP blocks is used (the one marked Default,"
                                + " else the first): keep one");
            }
            links.add(read);
        }
    }

    private void otherTransport(Token name, String what) {
        findings.warn(
                name, "a " + what + " link is not supported, the block has no effect: use `UDP { ... }' on both nodes");
        in.skip(name);
    }

    private void options(Token name) {
        in.block(name, new Directives().on("TCPWindowTracking", scalars.onOff(value -> tcpWindowTracking = value)));
    }
}
