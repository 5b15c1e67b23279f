// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.socket.PacketSocket;
import io.keepstate.vrrp.codec.GratuitousArp;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.MacAddress;
import io.keepstate.vrrp.codec.UnsolicitedNeighborAdvertisement;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Hears the announcements that arrive at an interface. */
final class Ear implements AutoCloseable {

    /** One announcement. */
    record Announcement(MacAddress sender, IpAddress address) {}

    private final LabNamespace namespace;
    private final PacketSocket socket;
    private final List<Announcement> heard = new ArrayList<>();

    Ear(LabNamespace namespace, String interfaceName) {
        this.namespace = namespace;
        int index = namespace.index(interfaceName);
        this.socket = namespace.get(() -> PacketSocket.openReceiver(PacketSocket.ETH_P_ALL, index));
    }

    /** How often this address was announced by this hardware address so far. */
    long count(IpAddress address, MacAddress sender) {
        namespace.get(() -> socket.receive(this::onFrame, 1000));
        return heard.stream().filter(new Announcement(sender, address)::equals).count();
    }

    private void onFrame(ByteBuf frame, int interfaceIndex, boolean outgoing) {
        if (!outgoing) {
            GratuitousArp.decode(frame).ifPresent(it -> heard.add(new Announcement(it.sender(), it.address())));
            UnsolicitedNeighborAdvertisement.decode(frame)
                    .ifPresent(it -> heard.add(new Announcement(it.sender(), it.address())));
        }
    }

    @Override
    public void close() {
        namespace.network().run(socket::close);
    }
}
