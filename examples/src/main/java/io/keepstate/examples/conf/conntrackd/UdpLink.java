// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.flow.IpAddress;

/**
 * One {@code UDP} block: a dedicated link to the peer.
 *
 * @param local {@code IPv4_address} or {@code IPv6_address}: where we receive
 * @param peer {@code IPv4_Destination_Address} or {@code IPv6_Destination_Address}, of the same family
 * @param port UDP port of both sides
 * @param interfaceName the interface whose link state is watched
 * @param sndSocketBuffer octets; 0 leaves the system's default
 * @param rcvSocketBuffer octets; 0 leaves the system's default
 * @param checksum whether the kernel computes UDP checksums (default on)
 * @param isDefault the block is marked {@code Default}
 * @param line where the block begins
 */
public record UdpLink(
        IpAddress local,
        IpAddress peer,
        int port,
        String interfaceName,
        int sndSocketBuffer,
        int rcvSocketBuffer,
        boolean checksum,
        boolean isDefault,
        int line) {}
