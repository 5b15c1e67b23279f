// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

/**
 * Told when an active router no longer holds what it should, and it cannot or must not simply be put back: once, until the
 * router's holdings are put up anew.
 */
@FunctionalInterface
public interface LossListener {
    /**
     * Somebody took something away: the router resigns, and may hold it all again after its skew time.
     *
     * @param router its name
     * @param what what is gone and why, for people
     */
    void onLost(String router, String what, long nowNanos);

    /**
     * The lease ran out: this process stood still for so long that others have taken over, or will. The router resigns and
     * listens for a whole down interval. Unless overridden the same as a loss.
     */
    default void onLapsed(String router, String what, long nowNanos) {
        onLost(router, what, nowNanos);
    }
}
