// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/** Where the effects of virtual routers and sync groups go. Called on the thread that gave the input; must not call back. */
@FunctionalInterface
public interface EffectSink {
    /** Takes one effect, in order. */
    void accept(Effect effect);
}
