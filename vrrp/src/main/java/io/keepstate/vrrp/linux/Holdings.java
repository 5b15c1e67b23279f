// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What routers hold now, and the one place where it is told, once, that a router holds it no more. */
final class Holdings {

    private final Map<String, Holding> byRouter = new LinkedHashMap<>();
    private final LossListener listener;
    private long losses;

    /** Nothing is held yet. */
    Holdings(LossListener listener) {
        this.listener = listener;
    }

    @Nullable
    Holding of(String router) {
        return byRouter.get(router);
    }

    void put(Holding holding) {
        byRouter.put(holding.router(), holding);
    }

    /** Forgets what a router holds; answers what that was. */
    @Nullable
    Holding remove(String router) {
        return byRouter.remove(router);
    }

    /** All, those among them whose loss was told already. */
    Collection<Holding> all() {
        return Collections.unmodifiableCollection(byRouter.values());
    }

    /** Those whose loss was not told: a copy, since whoever is told of one may change what is held. */
    List<Holding> standing() {
        return byRouter.values().stream().filter(holding -> !holding.isLost()).toList();
    }

    /** Somebody took something away that cannot or must not simply be put back. */
    void lose(Holding holding, String what, long nowNanos) {
        if (end(holding)) {
            listener.onLost(holding.router(), what, nowNanos);
        }
    }

    /** The lease ran out. */
    void lapse(Holding holding, long nowNanos) {
        if (end(holding)) {
            listener.onLapsed(holding.router(), "its addresses were not renewed in time and are gone", nowNanos);
        }
    }

    /** Whether this is news. */
    private boolean end(Holding holding) {
        if (holding.isLost()) {
            return false;
        }
        holding.lost();
        losses++;
        return true;
    }

    /** How often a router lost what it held. */
    long losses() {
        return losses;
    }
}
