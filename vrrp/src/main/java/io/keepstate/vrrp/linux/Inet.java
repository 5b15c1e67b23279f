// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Between this module's addresses, which need no native code, and those of the module that makes system calls. */
final class Inet {

    private Inet() {}

    static IpFamily family(AddressFamily family) {
        return family == AddressFamily.IPV4 ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    static Endpoint endpoint(IpAddress address, int interfaceIndex) {
        int scope = address.family() == AddressFamily.IPV6 ? interfaceIndex : 0;
        return new Endpoint(family(address.family()), address.high(), address.low(), 0, scope);
    }

    static InetAddress address(IpAddress address) {
        try {
            return InetAddress.getByAddress(address.octets());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 octets are always an address", e);
        }
    }
}
