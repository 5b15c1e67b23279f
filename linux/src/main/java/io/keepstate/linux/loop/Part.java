// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and reports the failures of one handler or duty cycle. */
final class Part {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final long LOG_INTERVAL_NANOS = 10_000_000_000L;

    private final String name;
    private final FailureListener listener;
    private long failures;
    private long consecutive;
    private long silenced;
    private long lastLogNanos;

    Part(String name, FailureListener listener) {
        this.name = name;
        this.listener = listener;
    }

    void succeeded() {
        consecutive = 0;
    }

    void failed(Throwable failure, long nowNanos) {
        failures++;
        consecutive++;
        if (failures == 1 || nowNanos - lastLogNanos >= LOG_INTERVAL_NANOS) {
            LOG.error("{} failed ({} in a row, {} not logged): {}", name, consecutive, silenced, failure, failure);
            lastLogNanos = nowNanos;
            silenced = 0;
        } else {
            silenced++;
        }
        if (consecutive % EventLoop.FAILURE_LIMIT == 0) {
            tell(failure);
        }
    }

    private void tell(Throwable failure) {
        try {
            listener.onRepeatedFailure(name, consecutive, failure);
        } catch (RuntimeException e) {
            LOG.error("the failure listener of {} failed itself", name, e);
        }
    }

    long failures() {
        return failures;
    }

    String name() {
        return name;
    }
}
