// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.conntrack.EventType;
import io.keepstate.conntrack.Expectations;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.ExpectationEvents;
import io.keepstate.node.port.ExpectationResult;
import io.keepstate.node.port.ExpectationTable;
import io.keepstate.node.port.ExpectationVisitor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel's expectations over ctnetlink. Belongs to the sync loop. */
final class LinuxExpectationTable implements ExpectationTable {
    private final Expectations expectations;
    private @Nullable ExpectationEvents events;

    LinuxExpectationTable(Expectations expectations) {
        this.expectations = expectations;
    }

    @Override
    public void subscribe(ExpectationEvents sink) {
        events = sink;
    }

    /** Hands an event of the stream on. */
    void onEvent(EventType type, Expectation expectation, long nowNanos) {
        ExpectationEvents sink = events;
        if (sink == null) {
            return;
        }
        switch (type) {
            case NEW -> sink.created(expectation, nowNanos);
            case UPDATE -> sink.updated(expectation, nowNanos);
            case DESTROY -> sink.destroyed(expectation, nowNanos);
        }
    }

    @Override
    public void dump(ExpectationVisitor visitor, Completion done) {
        try {
            expectations.dumpAll(null).forEach(visitor::visit);
            done.done(null);
        } catch (LinuxException e) {
            done.done(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void commit(List<Expectation> batch, ExpectationResult result) {
        int refused = 0;
        for (Expectation expectation : batch) {
            int errno = put(expectation);
            if (errno != 0) {
                refused++;
                result.refused(expectation, reason(errno));
            }
        }
        result.done(batch.size() - refused, refused);
    }

    private int put(Expectation expectation) {
        boolean timed = expectation.has(ExpectationAttribute.TIMEOUT) && expectation.timeoutSeconds() > 0;
        return expectations.put(expectation, timed ? expectation.timeoutSeconds() : Expectations.HELPERS_TIMEOUT);
    }

    @Override
    public void delete(List<Expectation> batch, Completion done) {
        int failed = 0;
        int last = 0;
        for (Expectation expectation : batch) {
            int errno = expectations.delete(expectation);
            if (errno != 0 && errno != Errno.ENOENT) {
                failed++;
                last = errno;
            }
        }
        done.done(failed == 0 ? null : failed + " expectations could not be deleted (" + Errno.name(last) + ")");
    }

    @Override
    public void flush(Completion done) {
        int errno = expectations.flush();
        done.done(errno == 0 ? null : "flush of expectations: " + Errno.describe(errno));
    }

    private static String reason(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "no_master";
            case Errno.EOPNOTSUPP -> "no_helper";
            default -> Errno.name(errno);
        };
    }
}
