// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

/** Told when part of a loop keeps failing, so that its owner can give its role away rather than limp. */
@FunctionalInterface
public interface FailureListener {
    /**
     * A part failed many times in a row; called on the loop's thread, once per {@link EventLoop#FAILURE_LIMIT} failures.
     *
     * @param part the failing handler's name, or that of the loop for its duty cycle
     * @param consecutive failures without a success between
     * @param last the last of them
     */
    void onRepeatedFailure(String part, long consecutive, Throwable last);
}
