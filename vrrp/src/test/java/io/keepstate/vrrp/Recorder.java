// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import java.util.ArrayList;
import java.util.List;

/** Keeps the effects it is given. */
final class Recorder implements EffectSink {

    final List<Effect> effects = new ArrayList<>();

    @Override
    public void accept(Effect effect) {
        effects.add(effect);
    }

    /** Forgets everything so far. */
    void clear() {
        effects.clear();
    }

    /** The priorities of the advertisements sent. */
    List<Integer> sent() {
        return of(Effect.SendAdvertisement.class).stream()
                .map(it -> it.advertisement().priority())
                .toList();
    }

    List<Advertisement> advertisements() {
        return of(Effect.SendAdvertisement.class).stream()
                .map(Effect.SendAdvertisement::advertisement)
                .toList();
    }

    /** The reasons of the members' transitions. */
    List<TransitionReason> reasons() {
        return of(Effect.StateChanged.class).stream()
                .map(Effect.StateChanged::reason)
                .toList();
    }

    List<Note> notes() {
        return of(Effect.Noted.class).stream().map(Effect.Noted::note).toList();
    }

    /** A short line for each effect, in order. */
    List<String> story() {
        return effects.stream().map(Recorder::line).toList();
    }

    private <E extends Effect> List<E> of(Class<E> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static String line(Effect effect) {
        if (effect instanceof Effect.SendAdvertisement it) {
            return it.router().name() + " sends " + it.advertisement().priority();
        }
        if (effect instanceof Effect.StateChanged it) {
            return it.router().name() + " " + it.to();
        }
        if (effect instanceof Effect.GroupStateChanged it) {
            return "group " + it.group().name() + " " + it.to();
        }
        if (effect instanceof Effect.Reannounce it) {
            return it.router().name() + " reannounces";
        }
        if (effect instanceof Effect.LoserHeard it) {
            return it.router().name() + " hears " + it.priority() + " lose";
        }
        if (effect instanceof Effect.PriorityChanged it) {
            return it.router().name() + " " + it.state() + " has " + it.to();
        }
        if (effect instanceof Effect.Reconfigured it) {
            return it.router().name() + " is configured";
        }
        if (effect instanceof Effect.HoldingsChanged it) {
            return it.router().name() + " holds "
                    + it.after().addresses().stream()
                            .map(address -> address.address().toString())
                            .toList();
        }
        if (effect instanceof Effect.Noted it) {
            return it.router().name() + " notes " + it.note();
        }
        throw new AssertionError(effect);
    }
}
