// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import static io.keepstate.node.Milliseconds.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.Groups;
import io.keepstate.node.config.StepPolicy;
import io.keepstate.node.config.TakeoverPolicy;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TakeoverTest {
    private final List<String> done = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final RecordingState state = new RecordingState();
    private final RecordingAddresses addresses = new RecordingAddresses();

    private Takeover takeover(TakeoverPolicy policy, StateTransfer transfer) {
        return new Takeover(
                Groups.reference(100),
                policy,
                transfer,
                addresses,
                new AnnouncementPacer(address -> done.add("announce " + address.address())),
                (NodeEvent event) -> log.add(event.text()),
                (group, reason) -> done.add("give up " + group + ": " + reason));
    }

    private Takeover takeover() {
        return takeover(TakeoverPolicy.DEFAULT, state);
    }

    @Test
    void movesStateBeforeAddressesAndAnnouncesAfterThem() {
        Takeover takeover = takeover();
        takeover.begin(false, ms(1000), ms(1001));
        takeover.doWork(ms(1002));
        assertThat(done).containsExactly("commit");

        state.commit.done(40, 2);
        takeover.doWork(ms(1010));
        assertThat(done).containsExactly("commit", "add 3 addresses");

        addresses.completion.done(null);
        takeover.doWork(ms(1015));
        assertThat(done.subList(2, 9))
                .containsExactly(
                        "announce 10.15.7.100",
                        "announce 2001:db8:15:7::61",
                        "announce 10.15.7.100",
                        "announce 2001:db8:15:7::61",
                        "announce 172.16.0.100",
                        "announce 172.16.0.100",
                        "resync");

        state.resync.done(null);
        takeover.doWork(ms(1030));
        assertThat(done.subList(9, done.size())).containsExactly("stop commit", "flush external", "bulk");
        assertThat(takeover.running()).isFalse();
        assertThat(log)
                .containsExactly(
                        "takeover of G1: committed 40 flows, 2 refused, in 9 ms",
                        "takeover of G1: addresses up after 15 ms",
                        "takeover of G1: complete in 30 ms");
    }

    @Test
    void announcesASecondTimeAfterTheConfiguredDelay() {
        Takeover takeover = takeover(TakeoverPolicy.DEFAULT, StateTransfer.NONE);
        takeover.begin(false, 0, 0);
        addresses.completion.done(null);
        takeover.doWork(ms(1));
        long first = announcements();
        assertThat(takeover.nextDeadline()).isLessThanOrEqualTo(ms(1001));
        takeover.doWork(ms(2));
        takeover.doWork(ms(1000));
        assertThat(announcements()).isEqualTo(first);
        takeover.doWork(ms(1001));
        assertThat(announcements()).isEqualTo(2 * first);
        assertThat(takeover.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void answersInsideTheCallAreTakenInTheNextTurn() {
        state.answersAtOnce = true;
        addresses.answersAtOnce = true;
        Takeover takeover = takeover();
        takeover.begin(false, 0, 0);
        for (int turn = 1; takeover.running(); turn++) {
            assertThat(takeover.nextDeadline()).isLessThanOrEqualTo(ms(turn));
            takeover.doWork(ms(turn));
        }
        assertThat(log).last().isEqualTo("takeover of G1: complete in 3 ms");
    }

    @Test
    void aLoopThatStoodStillDuringTheElectionReportsNoNegativeTime() {
        Takeover takeover = takeover(TakeoverPolicy.DEFAULT, StateTransfer.NONE);
        addresses.answersAtOnce = true;
        takeover.begin(false, ms(1000), ms(50));
        takeover.doWork(ms(50));
        assertThat(log).containsExactly("takeover of G1: addresses up after 0 ms");
    }

    @Test
    void aLateCommitLetsTheAddressesGoUpAndTheResyncWaitForIt() {
        Takeover takeover = takeover();
        takeover.begin(false, 0, 0);
        takeover.doWork(ms(9_999));
        assertThat(done).containsExactly("commit");
        assertThat(takeover.nextDeadline()).isEqualTo(ms(10_000));
        takeover.doWork(ms(10_000));
        assertThat(done).containsExactly("commit", "add 3 addresses");
        addresses.completion.done(null);
        takeover.doWork(ms(10_001));
        assertThat(done).doesNotContain("resync", "flush external");
        state.commit.done(7, 0);
        takeover.doWork(ms(12_000));
        assertThat(done).contains("resync");
        state.resync.done(null);
        takeover.doWork(ms(12_001));
        assertThat(log)
                .containsExactly(
                        "takeover of G1: commit missed: not done after 10000 ms; going on",
                        "takeover of G1: addresses up after 10001 ms",
                        "takeover of G1: committed 7 flows, 0 refused, in 12000 ms",
                        "takeover of G1: complete in 12001 ms");
    }

    @Test
    void aCommitThatNeverEndsIsStoppedBeforeItsCacheIsFlushed() {
        Takeover takeover = takeover();
        takeover.begin(false, 0, 0);
        takeover.doWork(ms(10_000));
        addresses.completion.done(null);
        takeover.doWork(ms(10_001));
        takeover.doWork(ms(40_001));
        assertThat(done.subList(done.indexOf("stop commit"), done.size()))
                .containsExactly("stop commit", "flush external", "bulk");
        assertThat(log).contains("takeover of G1: resync missed: not done after 30000 ms; going on");
    }

    @Test
    void addressesThatCannotGoUpGiveTheRoleAway() {
        Takeover takeover = takeover();
        takeover.begin(false, 0, 0);
        state.commit.done(1, 0);
        takeover.doWork(ms(1));
        addresses.completion.done("eth0: no such device");
        takeover.doWork(ms(2));
        assertThat(done).last().isEqualTo("give up G1: addresses: eth0: no such device");
        assertThat(log)
                .last()
                .isEqualTo("takeover of G1: addresses missed: eth0: no such device; giving the role away");
        assertThat(takeover.running()).isFalse();
        takeover.lose(ms(3));
        assertThat(done).last().isEqualTo("remove 3 addresses");
    }

    @Test
    void aPolicyMayTurnALateCommitIntoAFault() {
        TakeoverPolicy strict = new TakeoverPolicy(
                new StepPolicy(Duration.ofMillis(500), StepPolicy.OnMiss.FAULT),
                TakeoverPolicy.DEFAULT.addresses(),
                TakeoverPolicy.DEFAULT.resync(),
                Duration.ofSeconds(5),
                Duration.ofMillis(200));
        Takeover takeover = takeover(strict, state);
        takeover.begin(false, 0, 0);
        takeover.doWork(ms(500));
        assertThat(done).containsExactly("commit", "give up G1: commit: not done after 500 ms");
    }

    @Test
    void losingTheRoleTakesTheAddressesDownWhateverIsGoingOn() {
        Takeover takeover = takeover();
        takeover.begin(false, 0, 0);
        state.commit.done(1, 0);
        takeover.doWork(ms(1));
        Completion lateAnswer = addresses.completion;
        takeover.lose(ms(2));
        assertThat(done).last().isEqualTo("remove 3 addresses");
        addresses.completion.done(null);
        assertThat(log).endsWith("takeover of G1: abandoned during addresses", "G1: addresses down after 0 ms");
        lateAnswer.done(null);
        takeover.doWork(ms(3));
        assertThat(done).doesNotContain("resync").noneMatch(line -> line.startsWith("announce"));
    }

    @Test
    void losingTheRoleDuringTheCommitStopsItAndTouchesNoAddress() {
        Takeover takeover = takeover();
        takeover.begin(false, 0, 0);
        takeover.lose(ms(2));
        assertThat(done).containsExactly("commit", "stop commit");
    }

    @Test
    void aNodeWithOtherGroupsKeepsTheExternalCache() {
        Takeover takeover = takeover();
        state.answersAtOnce = true;
        addresses.answersAtOnce = true;
        takeover.begin(true, 0, 0);
        for (int turn = 1; takeover.running(); turn++) {
            takeover.doWork(ms(turn));
        }
        assertThat(done).contains("commit", "bulk").doesNotContain("flush external");
    }

    @Test
    void aGroupThatIsLostLeavesTheCommitToAnotherThatWaitsForIt() {
        AtomicBoolean anotherCommitting = new AtomicBoolean(true);
        Takeover takeover = takeover(TakeoverPolicy.DEFAULT, new SharedTransfer(state, anotherCommitting::get));
        takeover.begin(true, 0, 0);
        assertThat(takeover.committing()).isTrue();
        takeover.lose(ms(2));
        assertThat(takeover.committing()).isFalse();
        assertThat(done).containsExactly("commit");
        anotherCommitting.set(false);
        takeover.begin(true, ms(3), ms(3));
        takeover.lose(ms(4));
        assertThat(done).containsExactly("commit", "commit", "stop commit");
    }

    @Test
    void withoutSynchronisationOnlyTheAddressesMove() {
        Takeover takeover = takeover(TakeoverPolicy.DEFAULT, StateTransfer.NONE);
        addresses.answersAtOnce = true;
        takeover.begin(false, 0, 0);
        takeover.doWork(ms(1));
        takeover.doWork(ms(2));
        assertThat(log).containsExactly("takeover of G1: addresses up after 1 ms", "takeover of G1: complete in 2 ms");
    }

    @Test
    void anotherConfigurationAnnouncesOnlyWhatIsNew() {
        Takeover takeover = active();
        VirtualRouterConfig e1 = Groups.reference(100).routers().get(0);
        takeover.configure(e1.toBuilder().priority(150).build(), ms(3_000));
        takeover.doWork(ms(3_000));
        assertThat(done).containsExactly("add 3 addresses");
        done.clear();
        takeover.configure(e1.toBuilder().address("10.15.7.200/24").build(), ms(4_000));
        takeover.doWork(ms(4_000));
        takeover.doWork(ms(6_000));
        assertThat(done)
                .containsExactly(
                        "add 4 addresses",
                        "announce 10.15.7.200",
                        "announce 10.15.7.200",
                        "announce 10.15.7.200",
                        "announce 10.15.7.200");
    }

    @Test
    void aMemberThatGoesTakesItsAddressesAlongAndOneThatComesBringsAndAnnouncesIts() {
        Takeover takeover = active();
        List<VirtualRouterConfig> routers = Groups.reference(100).routers();
        VirtualRouterConfig third = Groups.group("D", 100, 71).routers().get(1);
        takeover.regroup(new VrrpGroup("G1", List.of(routers.get(0))), ms(3_000));
        assertThat(done).containsExactly("remove 1 addresses", "add 2 addresses");
        done.clear();
        takeover.regroup(new VrrpGroup("G1", List.of(third, routers.get(0))), ms(4_000));
        takeover.doWork(ms(4_000));
        assertThat(done).containsExactly("add 3 addresses", "announce 172.16.0.110", "announce 172.16.0.110");
        takeover.lose(ms(5_000));
        assertThat(done).last().isEqualTo("remove 3 addresses");
    }

    @Test
    void aMemberThatComesToABackupHoldsNothing() {
        Takeover takeover = takeover(TakeoverPolicy.DEFAULT, StateTransfer.NONE);
        List<VirtualRouterConfig> routers =
                new ArrayList<>(Groups.reference(100).routers());
        routers.add(Groups.group("D", 100, 71).routers().get(1));
        takeover.regroup(new VrrpGroup("G1", routers), ms(3_000));
        assertThat(done).containsExactly("remove 1 addresses");
        assertThat(takeover.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    /** Of a group that is active for a while, with nothing left to announce. */
    private Takeover active() {
        Takeover takeover = takeover(TakeoverPolicy.DEFAULT, StateTransfer.NONE);
        addresses.answersAtOnce = true;
        takeover.begin(false, 0, 0);
        takeover.doWork(ms(1));
        takeover.doWork(ms(2));
        takeover.doWork(ms(2_000));
        done.clear();
        return takeover;
    }

    private long announcements() {
        return done.stream().filter(line -> line.startsWith("announce")).count();
    }

    private final class RecordingState implements StateTransfer {
        boolean answersAtOnce;
        CommitDone commit = (flows, refused) -> {};
        Completion resync = Completion.IGNORED;

        @Override
        public boolean present() {
            return true;
        }

        @Override
        public void commit(CommitDone completion) {
            done.add("commit");
            commit = completion;
            if (answersAtOnce) {
                completion.done(3, 0);
            }
        }

        @Override
        public void stopCommit() {
            done.add("stop commit");
        }

        @Override
        public void resyncFromKernel(Completion completion) {
            done.add("resync");
            resync = completion;
            if (answersAtOnce) {
                completion.done(null);
            }
        }

        @Override
        public void flushExternal() {
            done.add("flush external");
        }

        @Override
        public void bulk() {
            done.add("bulk");
        }
    }

    private final class RecordingAddresses implements Addresses {
        boolean answersAtOnce;
        Completion completion = Completion.IGNORED;

        @Override
        public void up(VrrpGroup some, Completion answer) {
            record("add", some, answer);
        }

        @Override
        public void down(VrrpGroup some, Completion answer) {
            record("remove", some, answer);
        }

        private void record(String what, VrrpGroup some, Completion answer) {
            done.add(what + " " + some.addresses().size() + " addresses");
            completion = answer;
            if (answersAtOnce) {
                answer.done(null);
            }
        }
    }
}
