// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import io.keepstate.linux.socket.NetworkInterfaces;
import io.keepstate.linux.socket.RawSocket;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.AdvertisementCodec;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBuf;

/**
 * Shows the codec of {@code vrrp} alone: prints each IPv4 advertisement heard on an interface, or why a packet of
 * protocol 112 is none. {@code VrrpAdverts eth0}. Needs CAP_NET_RAW; ends with control-C.
 */
public final class VrrpAdverts {
    private static final int BUDGET = 64;

    private final Envelope envelope = new Envelope();

    private VrrpAdverts() {}

    /** Takes the name of the interface. */
    public static void main(String[] arguments) {
        VrrpAdverts adverts = new VrrpAdverts();
        try (RawSocket socket = RawSocket.open(IpFamily.IPV4, Envelope.PROTOCOL);
                EventLoop loop = new EventLoop("adverts", DutyCycle.NONE, (part, failures, last) -> System.exit(1))) {
            Endpoint group = Endpoint.of(AddressFamily.IPV4.vrrpGroup().toString(), 0);
            socket.bindToDevice(arguments[0]);
            socket.multicast().join(group, NetworkInterfaces.index(arguments[0]));
            loop.register(
                    socket,
                    "adverts",
                    Readiness.READ,
                    (readiness, now) -> socket.receive((datagram, info) -> adverts.print(datagram), BUDGET));
            loop.run();
        } catch (LinuxException e) {
            System.err.println("VRRP adverts: " + e.getMessage());
            System.exit(1);
        }
    }

    private void print(ByteBuf datagram) {
        RejectReason unusable = envelope.setIpv4(datagram);
        System.out.println(
                unusable != null
                        ? unusable
                        : envelope.source() + " " + AdvertisementCodec.decode(envelope, ChecksumMode.AUTO));
    }
}
