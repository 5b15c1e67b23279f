// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.ExternalExpectations;

/** The peer's expectations as a sweep sees them: few enough to be walked at once. */
final class ExpectationCopies implements ExternalSweep.Copies {
    private final ExternalExpectations external;
    private long mark;

    ExpectationCopies(ExternalExpectations external) {
        this.external = external;
    }

    @Override
    public void mark(long nowNanos) {
        mark = nowNanos;
    }

    @Override
    public int size() {
        return external.size();
    }

    @Override
    public int countNotRenewed(Cursor cursor, int budget) {
        return external.countBefore(mark, cursor);
    }

    @Override
    public int removeNotRenewed(Cursor cursor, int budget) {
        return external.expireBefore(mark, cursor);
    }
}
