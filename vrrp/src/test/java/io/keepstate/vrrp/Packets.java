// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementAuthenticator;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.Datagrams;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Reception;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;

/** IPv4 packets that a virtual router would accept from another one of the same configuration. */
final class Packets {

    /** The wall clock of all tests. */
    static final long WALL = 1_760_000_000_000L;

    private Packets() {}

    static ByteBuf packet(VirtualRouterConfig config, int priority, IpAddress source, IpAddress destination) {
        return packet(config, priority, source, destination, WALL);
    }

    /** From a router with a counter of its own, that begins here. */
    static ByteBuf packet(
            VirtualRouterConfig config, int priority, IpAddress source, IpAddress destination, long wallMillis) {
        AdvertisementAuthenticator authenticator = new AdvertisementAuthenticator(
                config.authentication(), config.hmac(), config.intervalCentis(), List.of());
        return Datagrams.packet(advertisement(config, priority), source, destination, authenticator, wallMillis);
    }

    static Advertisement advertisement(VirtualRouterConfig config, int priority) {
        return new Advertisement(
                config.version(),
                config.virtualRouterId(),
                priority,
                config.intervalCentis(),
                config.advertisedAddresses(),
                config.authentication(),
                config.family() == AddressFamily.IPV4 ? ChecksumForm.MESSAGE_ONLY : ChecksumForm.PSEUDO_HEADER);
    }

    /** To the group, with one thing changed and the checksum made right again. */
    static ByteBuf changed(VirtualRouterConfig config, Consumer<ByteBuf> change) {
        ByteBuf packet = packet(config, 200, Bench.HIGHER, AddressFamily.IPV4.vrrpGroup());
        change.accept(packet);
        return Datagrams.repaired(packet);
    }

    static Reception receive(AdvertisementReceiver receiver, ByteBuf packet) {
        return receiver.receive(Datagrams.ipv4(packet), WALL);
    }
}
