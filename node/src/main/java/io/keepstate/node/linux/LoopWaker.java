// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.node.port.Waker;
import org.jspecify.annotations.Nullable;

/** Wakes a loop that is made after the queue that wakes it. */
final class LoopWaker implements Waker {
    private volatile @Nullable EventLoop loop;

    void wakes(EventLoop some) {
        loop = some;
    }

    @Override
    public void wake() {
        EventLoop some = loop;
        if (some != null) {
            some.wakeUp();
        }
    }
}
