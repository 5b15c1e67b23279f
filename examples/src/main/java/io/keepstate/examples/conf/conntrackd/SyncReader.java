// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.node.config.ExpectationSync;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.PeerLinks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Sync} blocks; several are one. */
final class SyncReader {
    private final Statements in;
    private final Scalars scalars;
    private final Findings findings;
    private final ModeReader mode;
    private final List<PeerLink> links = new ArrayList<>();

    private @Nullable Token seen;
    private PeerLink.@Nullable Transport transport;
    private int linkBlocks;
    private int defaultLink;
    private boolean tcpWindowTracking;
    private ExpectationSync expectations = ExpectationSync.OFF;

    SyncReader(Statements in, Scalars scalars, Findings findings) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
        this.mode = new ModeReader(in, scalars, findings);
    }

    /** The block, if there is one. */
    @Nullable
    Token seen() {
        return seen;
    }

    /**
     * What the blocks say.
     *
     * @throws IllegalArgumentException when the links cannot be used together
     */
    SyncConfig config() {
        return new SyncConfig(
                mode.mode(),
                mode.commitTimeoutSeconds(),
                mode.purgeTimeoutSeconds(),
                new PeerLinks(links, defaultLink),
                tcpWindowTracking,
                expectations);
    }

    void read(Token name) {
        if (seen != null) {
            findings.note(name, "a second Sync block is added to the one of line " + seen.line() + ": write one block");
        }
        seen = name;
        in.block(
                name,
                mode.alarm()
                        .on("Mode", mode::read)
                        .on("UDP", at -> link(at, PeerLink.Transport.UDP))
                        .on("TCP", at -> link(at, PeerLink.Transport.TCP))
                        .on("Multicast", at -> link(at, PeerLink.Transport.MULTICAST))
                        .on("Options", this::options));
    }

    /** What can only be said at the end of the file. */
    void review() {
        if (seen == null) {
            return;
        }
        if (!mode.seen()) {
            findings.note(seen, "no Mode is given, FTFW is used: write `Mode FTFW { }'");
        }
        if (linkBlocks == 0) {
            findings.error(
                    seen,
                    "there is no link to the peer: add a block `UDP { IPv4_address .."
                            + " IPv4_Destination_Address .. Port 3780 Interface .. }'");
        }
    }

    private void link(Token name, PeerLink.Transport of) {
        linkBlocks++;
        boolean isDefault = in.accept("Default");
        if (transport != null && transport != of) {
            findings.error(
                    name, "the link before this one is a " + transport + " link: use one transport for all links");
        }
        transport = of;
        if (linkBlocks == PeerLinks.MOST + 1) {
            findings.error(name, "this is the fifth link: keep at most " + PeerLinks.MOST);
        }
        PeerLink link = new LinkReader(in, scalars, findings, name, of).read();
        if (link == null) {
            return;
        }
        int same = links.stream().map(PeerLink::toString).toList().indexOf(link.toString());
        if (same >= 0) {
            findings.warn(name, "this link stands here twice: remove one");
        } else {
            links.add(link);
        }
        if (isDefault) {
            defaultLink = same >= 0 ? same : links.size() - 1;
        }
    }

    private void options(Token name) {
        in.block(
                name,
                new Directives()
                        .on("TCPWindowTracking", scalars.onOff(value -> tcpWindowTracking = value))
                        .on("ExpectationSync", this::expectationSync));
    }

    private void expectationSync(Token name) {
        if (in.atBlock()) {
            List<String> helpers = in.names(name, "{ ftp sip }", Set.of()).stream()
                    .map(Token::text)
                    .toList();
            expectations = ExpectationSync.of(helpers);
            if (helpers.isEmpty()) {
                findings.note(name, "no helper is named, the expectations of all are synchronised: write on or names");
            }
            return;
        }
        Token value = in.take(name, "on|off|{ HELPER... }", Set.of(Token.Kind.SWITCH));
        if (value != null) {
            expectations = Scalars.isOn(value) ? ExpectationSync.ALL : ExpectationSync.OFF;
        }
    }
}
