// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.IpAddress;

/**
 * What a socket for advertisements is bound to. Virtual routers at the same place share a socket; a VRID has a meaning of its
 * own at each.
 *
 * @param family the family of the packets
 * @param protocol 112, or 51 with an authentication header in front
 * @param interfaceName where they arrive and leave
 * @param address where they are sent to: a multicast group, an own unicast address, or unspecified for any own one
 */
record SocketPlace(AddressFamily family, int protocol, String interfaceName, IpAddress address) {

    /** IPPROTO_AH. */
    private static final int AUTHENTICATION_HEADER = 51;

    static SocketPlace of(VirtualRouterConfig config) {
        boolean signed = config.authentication().type() == Authentication.TYPE_HEADER;
        int protocol = signed ? AUTHENTICATION_HEADER : Envelope.PROTOCOL;
        IpAddress address = config.transport() instanceof Transport.Multicast multicast
                ? multicast.group().orElse(config.family().vrrpGroup())
                : config.sourceAddress().orElse(SourceAddress.unspecified(config.family()));
        return new SocketPlace(config.family(), protocol, config.advertisingInterface(), address);
    }

    static SocketPlace ofGroup(AddressFamily family, String interfaceName) {
        return new SocketPlace(family, Envelope.PROTOCOL, interfaceName, family.vrrpGroup());
    }

    boolean isMulticast() {
        return address.isMulticast();
    }

    boolean isAnyAddress() {
        return address.high() == 0 && address.low() == 0;
    }

    @Override
    public String toString() {
        String where = isMulticast() || isAnyAddress() ? "" : " to " + address;
        String how = protocol == AUTHENTICATION_HEADER ? " with authentication header" : "";
        return "vrrp " + family + " on " + interfaceName + where + (isAnyAddress() ? " unicast" : "") + how;
    }
}
