// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.TcpState;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.Requires;
import io.keepstate.node.config.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code DisableInternalCache On} on both sides, the installed conntrackd as the peer: what one kernel has the other gets
 * by a commit, after churn and after a resync, which is answered from the kernel's table.
 */
@ExtendWith(LabExtension.class)
class WithoutInternalCacheInteropIT {
    private static final int FLOWS = Boolean.getBoolean("keepstate.long") ? 5000 : 500;

    private SyncPair pair;

    @BeforeEach
    void startPair(Lab lab) {
        Requires.program("conntrackd");
        pair = new SyncPair(lab);
        pair.modes(
                new SyncMode.NoTrack(true, false, false),
                "Mode NOTRACK { DisableInternalCache On CommitTimeout 1800 PurgeTimeout 5 }");
        pair.startConntrackd();
        pair.startNode();
    }

    @Test
    void conntrackdFollowsOurKernel() {
        churn(pair.ours);
        assertSameAfterCommit(
                "after churn",
                pair.ours,
                pair.theirs,
                () -> pair.conntrackd().external(),
                () -> pair.conntrackd().ask("-c"));

        pair.conntrackd().close();
        pair.theirs.flush();
        pair.startConntrackd();
        assertThat(pair.conntrackd().external()).as("it starts with nothing").isEmpty();
        pair.conntrackd().ask("-n");
        assertSameAfterCommit(
                "after a resync",
                pair.ours,
                pair.theirs,
                () -> pair.conntrackd().external(),
                () -> pair.conntrackd().ask("-c"));
        assertThat(pair.external()).as("commits are not sent back").isEmpty();
    }

    @Test
    void weFollowTheKernelOfConntrackd() {
        churn(pair.theirs);
        assertSameAfterCommit("after churn", pair.theirs, pair.ours, pair::external, this::commit);

        pair.flushExternal();
        pair.ours.flush();
        assertThat(pair.external()).as("nothing is left").isEmpty();
        pair.requestResync();
        assertSameAfterCommit("after a resync", pair.theirs, pair.ours, pair::external, this::commit);
        assertThat(pair.stats().session().malformed()).isZero();
    }

    private void commit() {
        try {
            assertThat(pair.commit()[1]).as("flows refused").isZero();
        } catch (Exception e) {
            throw new AssertionError("the commit did not end", e);
        }
    }

    /** Flows come, change and go; when the last one is known, all is. */
    private static void churn(SyncMachine active) {
        List<Flow> all = FlowMix.tcp(FLOWS + 1);
        List<Flow> flows = all.subList(0, FLOWS);
        active.create(flows);
        List<Flow> ended = new ArrayList<>();
        for (int i = 0; i < flows.size(); i++) {
            if (i % 5 == 0) {
                active.update(flows.get(i).toBuilder()
                        .tcpState(TcpState.FIN_WAIT)
                        .mark(i)
                        .build());
            } else if (i % 7 == 0) {
                ended.add(flows.get(i));
            }
        }
        active.delete(ended);
        active.create(ended.subList(0, ended.size() / 2));
        active.create(all.subList(FLOWS, FLOWS + 1));
    }

    private static boolean isLast(String line) {
        return line.contains("sport=" + (10_000 + FLOWS) + " ");
    }

    /** The peer knows as many flows as the active kernel has; committed, they are the same ones in the same state. */
    private static void assertSameAfterCommit(
            String when, SyncMachine active, SyncMachine standby, Supplier<Set<String>> external, Runnable commit) {
        Set<SyncMachine.KernelEntry> wanted = active.table();
        assertThat(wanted).hasSizeGreaterThan(FLOWS / 2);
        Lab.eventually(
                SyncPair.PATIENCE,
                () -> {
                    Set<String> known = external.get();
                    return known.size() == wanted.size()
                            && known.stream().anyMatch(WithoutInternalCacheInteropIT::isLast);
                },
                "as many flows " + when);
        commit.run();
        assertThat(standby.table()).as(when).isEqualTo(wanted);
    }
}
