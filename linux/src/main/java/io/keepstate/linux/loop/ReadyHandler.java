// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

/** Called when a registered descriptor is ready. */
@FunctionalInterface
public interface ReadyHandler {
    /**
     * Takes what is there, up to a budget of its own; what is left is reported again.
     *
     * @param readiness bits of {@link Readiness}
     * @param nowNanos the loop's monotonic time
     * @return how much was done; 0 lets a paced descriptor wait for its next event at once
     */
    int onReady(int readiness, long nowNanos);
}
