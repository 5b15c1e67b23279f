// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

/** A descriptor's place in an {@link EventLoop}; confined to the loop's thread. */
public interface Registration extends AutoCloseable {
    /** Changes what is waited for: {@link Readiness#READ}, {@link Readiness#WRITE}, both, or 0. */
    void interest(int readiness);

    /** Takes the descriptor out of the loop, which must happen before it is closed. A second call does nothing. */
    @Override
    void close();
}
