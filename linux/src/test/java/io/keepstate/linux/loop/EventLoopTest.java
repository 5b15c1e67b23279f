// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.socket.EventFd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventLoopTest {
    private static final long MILLI = 1_000_000L;

    private final RecordingDuty duty = new RecordingDuty();
    private final List<String> reports = new ArrayList<>();
    private final EventLoop loop = new EventLoop(
            "test-loop", duty, (part, consecutive, last) -> reports.add(part + " " + consecutive + " " + last));
    private final EventFd event = EventFd.open();

    @AfterEach
    void close() {
        loop.close();
        event.close();
    }

    @Test
    void dutyCycleRunsAtItsDeadlineAndNotBefore() {
        long start = System.nanoTime();
        duty.deadline = start + 20 * MILLI;
        while (duty.times.isEmpty() || duty.last() - duty.deadline < 0) {
            loop.runOnce(Long.MAX_VALUE);
        }
        // One turn: the loop neither wakes early nor spins towards the deadline.
        assertThat(duty.times).hasSize(1);
        assertThat(duty.last() - start).isBetween(20 * MILLI, 5_000 * MILLI);
    }

    @Test
    void deadlineInThePastRunsAtOnce() {
        duty.deadline = System.nanoTime() - MILLI;
        loop.runOnce(Long.MAX_VALUE);
        assertThat(duty.times).hasSize(1);
    }

    @Test
    void theEarliestDeadlineThereIsMeansAtOnceToo() {
        duty.deadline = Long.MIN_VALUE;
        loop.runOnce(Long.MAX_VALUE);
        assertThat(duty.times).hasSize(1);
    }

    @Test
    void aDescriptorThatIsClosedBehindTheLoopsBackCostsOnlyItself() {
        EventFd closed = EventFd.open();
        loop.register(closed, "closed", Readiness.READ, (readiness, now) -> {
            closed.close();
            throw new IllegalStateException("failed");
        });
        closed.signal();
        loop.runOnce(MILLI);
        loop.runOnce(20 * MILLI);
        loop.runOnce(MILLI);
        assertThat(duty.times).hasSize(3);
    }

    @Test
    void waitIsBoundedByTheCaller() {
        loop.runOnce(MILLI);
        assertThat(duty.times).hasSize(1);
    }

    @Test
    void readyDescriptorIsHandledUntilItIsDrained() {
        List<Integer> seen = new ArrayList<>();
        loop.register(event, "event", Readiness.READ, (readiness, now) -> {
            seen.add(readiness);
            return seen.size() < 2 ? 1 : (int) event.drain();
        });
        event.signal();
        loop.runOnce(Long.MAX_VALUE);
        loop.runOnce(Long.MAX_VALUE);
        loop.runOnce(0);
        assertThat(seen).containsExactly(Readiness.READ, Readiness.READ);
    }

    @Test
    void anotherThreadWakesAndStopsTheLoop() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        duty.action = ran::countDown;
        Thread runner = new Thread(loop::run);
        runner.start();
        loop.wakeUp();
        ran.await();
        loop.stop();
        runner.join();
        assertThat(loop.isStopped()).isTrue();
    }

    @Test
    void everyWakeUpIsFollowedByATurn() throws InterruptedException {
        AtomicReference<String> request = new AtomicReference<>("");
        AtomicReference<String> answer = new AtomicReference<>("");
        duty.action = () -> answer.set(request.get());
        Thread runner = new Thread(loop::run);
        runner.start();
        for (int i = 0; i < 2_000; i++) {
            String wanted = "request " + i;
            request.set(wanted);
            loop.wakeUp();
            while (!answer.get().equals(wanted)) {
                Thread.onSpinWait();
            }
        }
        loop.stop();
        runner.join();
    }

    @Test
    void pacedDescriptorRestsAfterWorkAndIsReadAgainWithoutAnEvent() {
        List<Long> times = new ArrayList<>();
        loop.registerPaced(event, "event", 20 * MILLI, (readiness, now) -> {
            times.add(now);
            return (int) event.drain();
        });
        event.signal();
        loop.runOnce(Long.MAX_VALUE);
        event.signal();
        loop.runOnce(0);
        assertThat(times).hasSize(1);
        while (times.size() < 2) {
            loop.runOnce(Long.MAX_VALUE);
        }
        assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(20 * MILLI);
        // The third call finds nothing, so the descriptor waits for its next event, which is answered at once.
        while (times.size() < 3) {
            loop.runOnce(Long.MAX_VALUE);
        }
        event.signal();
        loop.runOnce(0);
        assertThat(times).hasSize(4);
    }

    @Test
    void failingHandlerIsCountedPausedAndReportedWhileTheRestGoesOn() {
        loop.register(event, "broken", Readiness.READ, (readiness, now) -> {
            throw new IllegalStateException("on purpose");
        });
        event.signal();
        while (reports.isEmpty()) {
            loop.runOnce(Long.MAX_VALUE);
        }
        assertThat(reports).containsExactly("broken 16 java.lang.IllegalStateException: on purpose");
        assertThat(loop.failures()).isEqualTo(EventLoop.FAILURE_LIMIT);
        assertThat(duty.times).hasSizeGreaterThanOrEqualTo(EventLoop.FAILURE_LIMIT);
        // Paused between failures: a busy loop would have made thousands of turns.
        assertThat(loop.turns()).isLessThan(10 * EventLoop.FAILURE_LIMIT);
    }

    @Test
    void failingDutyCycleIsPausedAndReportedAndRecovers() {
        duty.deadline = System.nanoTime();
        duty.action = () -> {
            throw new IllegalStateException("on purpose");
        };
        while (reports.isEmpty()) {
            loop.runOnce(Long.MAX_VALUE);
        }
        assertThat(reports).containsExactly("test-loop 16 java.lang.IllegalStateException: on purpose");
        assertThat(loop.turns()).isLessThan(10 * EventLoop.FAILURE_LIMIT);
        duty.action = () -> {};
        duty.times.clear();
        while (duty.times.isEmpty()) {
            loop.runOnce(Long.MAX_VALUE);
        }
        assertThat(reports).hasSize(1);
    }

    @Test
    void handlerMayUnregisterItselfAndOthers() {
        EventFd other = EventFd.open();
        Registration[] both = new Registration[2];
        List<String> called = new ArrayList<>();
        both[0] = loop.register(event, "one", Readiness.READ, (readiness, now) -> {
            called.add("one");
            both[0].close();
            both[1].close();
            return 1;
        });
        both[1] = loop.register(other, "two", Readiness.READ, (readiness, now) -> {
            called.add("two");
            both[0].close();
            both[1].close();
            return 1;
        });
        event.signal();
        other.signal();
        loop.runOnce(Long.MAX_VALUE);
        loop.runOnce(0);
        assertThat(called).hasSize(1);
        assertThatThrownBy(() -> both[0].interest(Readiness.READ)).hasMessageContaining("no longer registered");
        other.close();
    }

    @Test
    void interestCanBeSwitchedOffAndOn() {
        List<Integer> seen = new ArrayList<>();
        Registration registration = loop.register(event, "event", 0, (readiness, now) -> {
            seen.add(readiness);
            return (int) event.drain();
        });
        event.signal();
        loop.runOnce(0);
        assertThat(seen).isEmpty();
        registration.interest(Readiness.READ | Readiness.WRITE);
        loop.runOnce(0);
        assertThat(seen).containsExactly(Readiness.READ | Readiness.WRITE);
    }

    /** Remembers when it ran. */
    private static final class RecordingDuty implements DutyCycle {
        private final List<Long> times = new ArrayList<>();
        private long deadline = Long.MAX_VALUE;
        private Runnable action = () -> {};

        long last() {
            return times.get(times.size() - 1);
        }

        @Override
        public int doWork(long nowNanos) {
            times.add(nowNanos);
            action.run();
            return 0;
        }

        @Override
        public long nextDeadline() {
            return deadline;
        }
    }
}
