// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.Announcer;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Announces the own address of a unicast router whose link is back, as keepalived does: an active peer has asked for it in
 * vain meanwhile and asks again after up to a second only (RFC 4861 section 10, RETRANS_TIMER; ARP the same), so that its
 * advertisements would come too late for a short interval. Five times in a fifth of a second: a switch port that has
 * just come up may not forward yet.
 *
 * <p>Not thread-safe; one loop owns it, tells it the time and asks for its deadline.
 */
public final class SourceAnnouncements {
    private static final long PAUSE_NANOS = 50_000_000L;
    private static final int ROUNDS = 5;

    private final Announcer announcer;
    private final Set<VirtualAddress> addresses = new LinkedHashSet<>();
    private int left;
    private long next = Long.MAX_VALUE;

    /** Announces by this one. */
    public SourceAnnouncements(Announcer announcer) {
        this.announcer = announcer;
    }

    /** The link of an interface is back, on which this router may be; its source is unspecified if it has none. */
    public void onLinkBack(String interfaceName, VirtualRouterConfig router, IpAddress source, long nowNanos) {
        if (router.transport() instanceof Transport.Unicast
                && router.interfaceName().equals(interfaceName)
                && !source.equals(SourceAddress.unspecified(router.family()))) {
            addresses.add(new VirtualAddress(source, router.family().bits(), interfaceName));
            left = ROUNDS;
            next = nowNanos;
        }
    }

    /** Announces what is due. */
    public void advance(long nowNanos) {
        if (nowNanos < next) {
            return;
        }
        addresses.forEach(announcer::announce);
        left--;
        next = left > 0 ? nowNanos + PAUSE_NANOS : Long.MAX_VALUE;
        if (left == 0) {
            addresses.clear();
        }
    }

    /** When to call {@link #advance}. */
    public long nextDeadline() {
        return next;
    }
}
