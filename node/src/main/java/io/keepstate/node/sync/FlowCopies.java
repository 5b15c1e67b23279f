// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.ExternalCache;

/** The external cache as a sweep sees it. */
final class FlowCopies implements ExternalSweep.Copies {
    private final ExternalCache external;
    private int mark;

    FlowCopies(ExternalCache external) {
        this.external = external;
    }

    @Override
    public void mark(long nowNanos) {
        mark = external.mark();
    }

    @Override
    public int size() {
        return external.size();
    }

    @Override
    public int countNotRenewed(Cursor cursor, int budget) {
        return external.forEachNotRenewed(mark, cursor, budget, handle -> {});
    }

    @Override
    public int removeNotRenewed(Cursor cursor, int budget) {
        int before = external.size();
        external.forEachNotRenewed(mark, cursor, budget, external::remove);
        return before - external.size();
    }

    @Override
    public void swept() {
        external.swept();
    }
}
