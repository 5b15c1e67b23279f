// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.node.port.AdvertSink;
import io.keepstate.testkit.Segment;
import io.keepstate.vrrp.AdvertisementReceiver;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.Reception;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.HashMap;
import java.util.Map;

/** Adverts as IPv4 packets on segments, one port per interface: what raw sockets are on a real machine. */
final class AdvertWire implements AdvertSink {
    private final Map<String, Segment.Port> ports = new HashMap<>();
    private final Map<VirtualRouter, AdvertisementReceiver> receivers = new HashMap<>();
    private int identification;

    /** Connects an interface. */
    void attach(String interfaceName, Segment.Port port) {
        ports.put(interfaceName, port);
    }

    @Override
    public void send(VirtualRouter router, Advertisement advertisement) {
        Segment.Port port = ports.get(router.config().interfaceName());
        if (port == null) {
            return;
        }
        try (AdvertisementPacket packet =
                new AdvertisementPacket(advertisement, router.sourceAddress(), UnpooledByteBufAllocator.DEFAULT)) {
            identification = identification % 0xffff + 1;
            packet.stamp(identification);
            port.send(ByteBufUtil.getBytes(packet.octets()));
        }
    }

    /** Hands a packet to the router it is for, if it passes every check. */
    void receive(Iterable<VirtualRouter> routers, String interfaceName, byte[] octets, long nowNanos) {
        ByteBuf packet = Unpooled.wrappedBuffer(octets);
        Envelope envelope = new Envelope();
        if (envelope.setIpv4(packet) != null) {
            return;
        }
        for (VirtualRouter router : routers) {
            boolean addressed = router.config().interfaceName().equals(interfaceName)
                    && router.config().virtualRouterId() == envelope.virtualRouterId();
            if (addressed) {
                Reception reception = receivers
                        .computeIfAbsent(router, each -> new AdvertisementReceiver(each.config()))
                        .receive(envelope);
                if (reception instanceof Heard heard) {
                    router.onAdvertisement(heard.advertisement(), heard.source(), nowNanos);
                }
            }
        }
    }

    /** Nothing leaves and nothing arrives any more. */
    void unplug() {
        ports.values().forEach(Segment.Port::unplug);
    }
}
