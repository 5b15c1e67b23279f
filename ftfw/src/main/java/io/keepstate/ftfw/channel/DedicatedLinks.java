// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.link.LinkDecision;
import io.keepstate.ftfw.link.LinkSelector;
import io.keepstate.ftfw.link.LinkState;
import io.keepstate.linux.loop.EventLoop;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The links to the peer, one or more of one transport. One of them, which {@link LinkSelector} chooses, carries what is
 * sent; what comes by any of them is taken.
 *
 * <p>Opened in the calling thread's network namespace; from {@link #register} on confined to the loop's thread. The
 * loop's duty cycle calls {@link #doWork} before it sends.
 */
public final class DedicatedLinks implements DatagramSink, AutoCloseable {
    /** Routes, neighbours and the other end's carrier take their time; an idle peer says something after a second. */
    private static final long SETTLING_NANOS = 1_500_000_000L;

    private final List<ChannelConfig> configs;
    private final List<PeerChannel> channels = new ArrayList<>();
    private final LinkSelector selector;
    private final LinkWatch watch;
    private final LinkListener listener;
    private long now = Long.MIN_VALUE;
    /** Until then, or until the peer is heard, nothing is sent by a link that just came back. */
    private long heldUntil = Long.MIN_VALUE;

    private DedicatedLinks(List<ChannelConfig> configs, int preferred, LinkListener listener) {
        this.configs = List.copyOf(configs);
        this.selector = new LinkSelector(configs.size(), preferred);
        this.listener = listener;
        this.watch =
                new LinkWatch(configs.stream().map(ChannelConfig::interfaceName).toList(), this::onState);
    }

    /**
     * Opens all of them.
     *
     * @param preferred index of the default link
     * @param listener told what was decided
     * @throws ChannelOpenException if one of them cannot be opened
     */
    public static DedicatedLinks open(List<? extends ChannelConfig> configs, int preferred, LinkListener listener) {
        DedicatedLinks links = new DedicatedLinks(List.copyOf(configs), preferred, listener);
        try {
            for (ChannelConfig config : configs) {
                links.channels.add(config.open());
            }
            return links;
        } catch (RuntimeException e) {
            links.close();
            throw e;
        }
    }

    /** Lets a loop watch them; once. */
    public void register(EventLoop loop, LinkHandler handler) {
        watch.register(loop);
        for (int i = 0; i < channels.size(); i++) {
            int link = i;
            channels.get(i).register(loop, name(i), (datagram, high, low, port, now) -> {
                boolean valid = handler.onDatagram(datagram, link, high, low, port, now);
                if (valid) {
                    heldUntil = Long.MIN_VALUE;
                    follow(selector.onHeard(link, now));
                }
                return valid;
            });
        }
    }

    private String name(int link) {
        return "sync link " + device(link);
    }

    /** The interface of a link, or where none is configured its number, from 1. */
    public String device(int link) {
        return configs.get(link).interfaceName().orElseGet(() -> Integer.toString(link + 1));
    }

    private void onState(int link, LinkState state, long nowNanos) {
        LinkDecision decision = selector.onState(link, state, nowNanos);
        if (decision != null && decision.reason() == LinkDecision.Reason.AVAILABLE_AGAIN) {
            heldUntil = nowNanos + SETTLING_NANOS;
        }
        follow(decision);
        if (!state.works() && link != selector.current()) {
            channels.get(link).onLinkFailed();
        }
    }

    private void follow(@Nullable LinkDecision decision) {
        if (decision != null) {
            listener.on(decision, this);
        }
    }

    /** What is due by time. To be called in each turn, before anything is sent. */
    public void doWork(long nowNanos) {
        now = nowNanos;
        watch.doWork(nowNanos);
        if (nowNanos >= selector.nextDeadline()) {
            follow(selector.onDeadline(nowNanos));
        }
        for (PeerChannel channel : channels) {
            channel.doWork(nowNanos);
        }
    }

    /** When {@link #doWork} has something to do. */
    public long nextDeadline() {
        long deadline = Math.min(watch.nextDeadline(), selector.nextDeadline());
        for (PeerChannel channel : channels) {
            deadline = Math.min(deadline, channel.nextDeadline());
        }
        return deadline;
    }

    /**
     * Sends by the current link. While no link works, and for a moment after one does again, nothing is taken: it would be
     * lost, and a session that tells everything once could not tell it again.
     */
    @Override
    public boolean send(ByteBuf datagram) {
        return selector.isAnyAvailable()
                && now >= heldUntil
                && channels.get(selector.current()).send(datagram);
    }

    /** Octets of messages that pass unfragmented by every link, for {@code FtfwConfig.withDatagramSize}. */
    public int datagramSize() {
        return channels.stream().mapToInt(PeerChannel::datagramSize).min().orElseThrow();
    }

    /** The link that carries what is sent, from 0. */
    public int current() {
        return selector.current();
    }

    /** How often another link came into use. */
    public long switches() {
        return selector.switches();
    }

    /** How often no link worked. */
    public long timesNoneAvailable() {
        return selector.timesNoneAvailable();
    }

    /** Every link, in the order of the configuration. */
    public List<LinkStats> stats() {
        List<LinkStats> stats = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            LinkState state = selector.state(i);
            Optional<String> device = configs.get(i).interfaceName();
            stats.add(new LinkStats(
                    device.orElse(""),
                    state,
                    i == selector.current(),
                    channels.get(i).stats()));
        }
        return stats;
    }

    /** Closes all sockets; again does nothing. To be called after the loop ended. */
    @Override
    public void close() {
        channels.forEach(PeerChannel::close);
        watch.close();
    }
}
