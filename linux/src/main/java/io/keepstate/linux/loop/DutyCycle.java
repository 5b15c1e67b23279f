// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

/**
 * What a loop does besides reading descriptors: the same object runs under an {@link EventLoop} in production and is
 * stepped by hand in a simulation.
 */
public interface DutyCycle {
    /** Nothing to do besides the descriptors. */
    DutyCycle NONE = new DutyCycle() {
        @Override
        public int doWork(long nowNanos) {
            return 0;
        }

        @Override
        public long nextDeadline() {
            return Long.MAX_VALUE;
        }
    };

    /**
     * Does what is due and returns soon; long work is cut into slices.
     *
     * @param nowNanos the loop's monotonic time
     * @return how much was done, for statistics only
     */
    int doWork(long nowNanos);

    /**
     * When {@link #doWork} must run again: a time at or before now means at once, {@link Long#MAX_VALUE} means only
     * after an event.
     */
    long nextDeadline();
}
