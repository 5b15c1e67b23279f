// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

/** Makes a sleeping loop look at its queue. Callable from any thread; waking a loop that is awake does no harm. */
@FunctionalInterface
public interface Waker {
    /** For loops that one thread steps in turn. */
    Waker NONE = () -> {};

    /** Wakes. */
    void wake();
}
