// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * When the addresses of an active router must be renewed. They are put up with a finite lifetime and renewed at a third of
 * it, but only while the election itself is alive: a process that is stopped, killed or stuck renews nothing, and the kernel
 * takes the addresses down. A healthy one never lets them blink.
 *
 * <p>The lifetime is the active down interval in whole seconds, rounded up, at least two: so long others wait before they
 * take over, and the kernel counts in seconds (struct ifa_cacheinfo). Not thread-safe: whoever holds the addresses owns it.
 */
public final class AddressLease {

    /** One second could end between two renewals of a loop that is merely busy. */
    private static final long SHORTEST_SECONDS = 2;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The kernel ends a lifetime up to a fiftieth of a second early (ADDRCONF_TIMER_FUZZ_MINUS): not worth betting on. */
    private static final long EDGE_NANOS = 50_000_000L;

    /** Renewals per lifetime. */
    private static final int RENEWALS = 3;

    /** How many times per lifetime a withheld renewal is tried again. */
    private static final int RETRIES = 40;

    private final long downNanos;
    private final long lifetimeNanos;
    private final long begunNanos;
    private long renewedNanos;
    private long nextNanos;

    /** What is to be done about a lease. */
    public enum Decision {
        /** Nothing yet. */
        WAIT,
        /** Renew it now. */
        RENEW,
        /** It is due, but the election gave no sign of life for a whole down interval: others have taken over, or will. */
        WITHHOLD,
        /** It ran out, the addresses are gone: to put them up again takes an election. */
        EXPIRED
    }

    /**
     * The lease of addresses that go up now.
     *
     * @param downNanos the active down interval of the router
     */
    public AddressLease(long downNanos, long nowNanos) {
        this(downNanos, nowNanos, nowNanos);
    }

    private AddressLease(long downNanos, long begunNanos, long nowNanos) {
        if (downNanos <= 0) {
            throw new IllegalArgumentException("a down interval of " + downNanos + " ns must be positive");
        }
        this.downNanos = downNanos;
        this.lifetimeNanos = seconds(downNanos) * NANOS_PER_SECOND;
        this.begunNanos = begunNanos;
        renewed(nowNanos);
    }

    /** The lease of the same addresses, renewed now, under another down interval. */
    public AddressLease changed(long newDownNanos, long nowNanos) {
        return new AddressLease(newDownNanos, begunNanos, nowNanos);
    }

    /** The lifetime that goes with a down interval, in seconds. */
    public static long seconds(long downNanos) {
        return Math.max(SHORTEST_SECONDS, (downNanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
    }

    /** The active down interval of a router as configured. */
    public static long downNanos(VirtualRouterConfig router) {
        return router.downTimerAdverts() * ActiveDownInterval.intervalNanos(router.intervalCentis())
                + ActiveDownInterval.skewNanos(router.version(), router.priority(), router.intervalCentis());
    }

    /** The valid lifetime to ask for, in seconds. */
    public long validSeconds() {
        return lifetimeNanos / NANOS_PER_SECOND;
    }

    /**
     * The preferred lifetime to ask for now: what is left of the configured one, never more than the valid one.
     *
     * @param configuredSeconds counted from when the address went up
     */
    public long preferredSeconds(long configuredSeconds, long nowNanos) {
        long left = configuredSeconds - (nowNanos - begunNanos) / NANOS_PER_SECOND;
        return Math.min(Math.max(0, left), validSeconds());
    }

    /**
     * What is to be done now. After {@link Decision#RENEW} say {@link #renewed}.
     *
     * @param aliveNanos when the loop of the election last did its work
     */
    public Decision decide(long nowNanos, long aliveNanos) {
        if (isExpired(nowNanos)) {
            nextNanos = Long.MAX_VALUE;
            return Decision.EXPIRED;
        }
        if (nowNanos < nextNanos) {
            return Decision.WAIT;
        }
        if (nowNanos - aliveNanos > downNanos) {
            nextNanos = Math.min(nowNanos + lifetimeNanos / RETRIES, renewedNanos + lifetimeNanos - EDGE_NANOS);
            return Decision.WITHHOLD;
        }
        return Decision.RENEW;
    }

    /** Whether its lifetime is over. */
    public boolean isExpired(long nowNanos) {
        return nowNanos - renewedNanos >= lifetimeNanos - EDGE_NANOS;
    }

    /** Whether it is so nearly due that it may be renewed along with others. */
    public boolean isNearlyDue(long nowNanos) {
        return nextNanos != Long.MAX_VALUE && nextNanos - nowNanos <= lifetimeNanos / (2 * RENEWALS);
    }

    /** The addresses were renewed. */
    public void renewed(long nowNanos) {
        renewedNanos = nowNanos;
        nextNanos = nowNanos + lifetimeNanos / RENEWALS;
    }

    /** When to decide next; {@link Long#MAX_VALUE} when it has expired. */
    public long nextDeadline() {
        return nextNanos;
    }
}
