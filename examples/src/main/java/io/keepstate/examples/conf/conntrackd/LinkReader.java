// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.flow.IpAddress;
import org.jspecify.annotations.Nullable;

/** Reads one {@code UDP} block. */
final class LinkReader {
    private final BlockReader in;
    private final Scalars scalars;
    private final Findings findings;
    private final Token name;
    private final boolean isDefault;

    private @Nullable IpAddress local;
    private @Nullable IpAddress peer;
    private @Nullable String interfaceName;
    private int port;
    private int sndSocketBuffer;
    private int rcvSocketBuffer;
    private boolean checksum = true;

    LinkReader(BlockReader in, Scalars scalars, Findings findings, Token name, boolean isDefault) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
        this.name = name;
        this.isDefault = isDefault;
    }

    /** The link, or null after reporting what is missing. */
    @Nullable
    UdpLink read() {
        boolean cleanBefore = !findings.hasErrors();
        in.block(
                name,
                new Directives()
                        .on("IPv4_address", scalars.address(false, value -> local = value))
                        .on("IPv6_address", scalars.address(true, value -> local = value))
                        .on("IPv4_Destination_Address", scalars.address(false, value -> peer = value))
                        .on("IPv6_Destination_Address", scalars.address(true, value -> peer = value))
                        .on("Interface", scalars.interfaceName(value -> interfaceName = value))
                        .on("Port", scalars.number(1, 65_535, value -> port = value))
                        .on("SndSocketBuffer", scalars.number(0, Integer.MAX_VALUE, value -> sndSocketBuffer = value))
                        .on("RcvSocketBuffer", scalars.number(0, Integer.MAX_VALUE, value -> rcvSocketBuffer = value))
                        .on("Checksum", scalars.onOff(value -> checksum = value)));
        if (cleanBefore && findings.hasErrors()) {
            return null; // a value that is wrong is not also missing
        }
        return complete();
    }

    private @Nullable UdpLink complete() {
        IpAddress here = require(local, "IPv4_address or IPv6_address, the address of this node on the link");
        IpAddress there = require(
                peer, "IPv4_Destination_Address or IPv6_Destination_Address, the address of the peer on the link");
        String watched = require(interfaceName, "Interface, the interface of the link");
        Integer number = require(port == 0 ? null : port, "Port, the same number on both nodes (usually 3780)");
        if (here == null || there == null || watched == null || number == null) {
            return null;
        }
        if (here.family() != there.family()) {
            findings.error(
                    name,
                    "the address " + here + " and the destination " + there
                            + " are of different families: use IPv4 for both or IPv6 for both");
            return null;
        }
        return new UdpLink(
                here, there, number, watched, sndSocketBuffer, rcvSocketBuffer, checksum, isDefault, name.line());
    }

    private <T> @Nullable T require(@Nullable T value, String what) {
        if (value == null) {
            findings.error(name, "this block lacks " + what + ": add it");
        }
        return value;
    }
}
