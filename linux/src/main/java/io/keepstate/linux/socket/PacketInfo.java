// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

/**
 * What the kernel tells about a received raw packet besides its octets; a view, valid during one handler call.
 *
 * <p>Addresses are halves as in {@link Endpoint}.
 */
public interface PacketInfo {
    /** {@link #hopLimit()} of a packet whose hop limit the kernel did not report. */
    int UNKNOWN = -1;

    long sourceHigh();

    long sourceLow();

    long destinationHigh();

    long destinationLow();

    /** Interface it arrived by; 0 if not reported (IPv4: known from the socket's binding). */
    int interfaceIndex();

    /** TTL or hop limit, 0 to 255, or {@link #UNKNOWN}. */
    int hopLimit();
}
