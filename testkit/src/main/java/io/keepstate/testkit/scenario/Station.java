// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.testkit.Segment;
import io.keepstate.vrrp.AdvertisementReceiver;
import io.keepstate.vrrp.EffectSink;
import io.keepstate.vrrp.FaultCause;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One router with the interface it is on. After a crash it is a new one, that knows nothing. */
final class Station {
    private static final long NONE = Long.MAX_VALUE;

    private final RouterDefinition definition;
    private final EffectSink sink;
    private final Envelope envelope = new Envelope();
    private VirtualRouter router;
    private AdvertisementReceiver receiver;
    private Segment.@Nullable Port port;
    private boolean linkUp = true;
    private int identification;
    private long shownDeadline = NONE;

    Station(RouterDefinition definition, EffectSink sink) {
        this.definition = definition;
        this.sink = sink;
        this.router = new VirtualRouter(definition.config(), definition.source(), sink);
        this.receiver = definition.receiver();
    }

    String name() {
        return definition.name();
    }

    RouterDefinition definition() {
        return definition;
    }

    VirtualRouter router() {
        return router;
    }

    void plug(Segment.Port into) {
        port = into;
    }

    Segment.@Nullable Port port() {
        return port;
    }

    void restart(long nowNanos) {
        router = new VirtualRouter(definition.config(), definition.source(), sink);
        receiver = definition.receiver();
        shownDeadline = NONE;
        if (!linkUp) {
            router.fault(FaultCause.link(definition.config().interfaceName()), nowNanos);
        }
    }

    /** The cable; the router is {@linkplain #tellLink told} by its process. */
    void link(boolean up) {
        linkUp = up;
    }

    void tellLink(long nowNanos) {
        FaultCause cause = FaultCause.link(definition.config().interfaceName());
        if (linkUp) {
            router.clearFault(cause, nowNanos);
        } else {
            router.fault(cause, nowNanos);
        }
    }

    /** The packets of an advertisement: one, or one for each unicast peer. They leave if the link is up. */
    List<SentPacket> send(Advertisement advertisement, long wallMillis) {
        identification = identification % 0xffff + 1;
        List<SentPacket> packets = new ArrayList<>();
        for (IpAddress destination : SentPacket.destinations(definition.config())) {
            packets.add(SentPacket.of(
                    advertisement,
                    router.sourceAddress(),
                    destination,
                    definition.config(),
                    receiver.authenticator(),
                    identification,
                    wallMillis));
        }
        Segment.Port into = port;
        if (into != null && linkUp) {
            packets.forEach(packet -> into.send(ByteBufUtil.getBytes(packet.datagram())));
        }
        return packets;
    }

    boolean isLinkUp() {
        return linkUp;
    }

    /** Whether a datagram of its segment is for it: of its VRID, to a group or to its address. */
    boolean isAddressed(byte[] datagram) {
        return IpDatagram.open(datagram, envelope) == null
                && envelope.virtualRouterId() == definition.config().virtualRouterId()
                && envelope.family() == definition.config().family()
                && (envelope.isToGroup() || envelope.isTo(router.sourceAddress()));
    }

    /** Judges a datagram, tells the outcome, and hands it to the router if it passed every check. */
    void receive(byte[] datagram, long nowNanos, long wallMillis, BiConsumer<Station, Reception> outcome) {
        RejectReason unusable = IpDatagram.open(datagram, envelope);
        Reception reception = unusable != null ? unusable : receiver.receive(envelope, wallMillis);
        outcome.accept(this, reception);
        if (reception instanceof Heard heard) {
            router.onAdvertisement(heard.advertisement(), heard.source(), nowNanos);
        }
    }

    /** The deadline if it was set anew since the last call; {@link Long#MAX_VALUE} if not. */
    long newDeadline() {
        long deadline = router.nextDeadline();
        boolean same = deadline == shownDeadline;
        shownDeadline = deadline;
        return same ? NONE : deadline;
    }
}
