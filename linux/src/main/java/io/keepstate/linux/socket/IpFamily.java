// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Internet protocol family, with the numbers of {@code include/linux/socket.h}. */
public enum IpFamily {
    IPV4(2, 4),
    IPV6(10, 16);

    private final int number;
    private final int addressBytes;

    IpFamily(int number, int addressBytes) {
        this.number = number;
        this.addressBytes = addressBytes;
    }

    /** AF_INET or AF_INET6. */
    public int number() {
        return number;
    }

    /** Octets of an address: 4 or 16. */
    public int addressBytes() {
        return addressBytes;
    }

    public static IpFamily of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }
}
