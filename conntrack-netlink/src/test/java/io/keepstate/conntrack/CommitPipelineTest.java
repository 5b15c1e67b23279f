// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.socket.DatagramHandler;
import io.keepstate.linux.socket.NetlinkSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pipeline against a kernel that loses answers, is short of memory, or stays silent. */
class CommitPipelineTest {
    private static final long ANSWER_NANOS = 1000;

    /** Acknowledges what asks for it; keeps what it got. */
    private static final class RecordingChannel implements CommandChannel {
        final List<Integer> batchSizes = new ArrayList<>();
        private final Deque<ByteBuf> answers = new ArrayDeque<>();
        private final ConntrackDecoder decoder = new ConntrackDecoder();
        int sendError;
        int batchesToLose;
        int batchesToIgnore;
        private boolean overrun;

        @Override
        public int send(ByteBuf messages) {
            if (sendError != 0) {
                return -sendError;
            }
            int size = 0;
            decoder.begin(messages);
            while (decoder.next()) {
                size++;
                if ((decoder.flags() & 4) != 0) {
                    answer(decoder.sequence());
                }
            }
            batchSizes.add(size);
            return messages.readableBytes();
        }

        private void answer(int sequence) {
            if (batchesToIgnore > 0) {
                batchesToIgnore--;
            } else if (batchesToLose > 0) {
                batchesToLose--;
                overrun = true;
            } else {
                ByteBuf ack = Unpooled.buffer();
                ack.writeIntLE(20)
                        .writeShortLE(2)
                        .writeShortLE(0)
                        .writeIntLE(sequence)
                        .writeIntLE(0)
                        .writeIntLE(0);
                answers.add(ack);
            }
        }

        @Override
        public int receive(DatagramHandler handler, int budget) {
            if (overrun) {
                overrun = false;
                return NetlinkSocket.OVERRUN;
            }
            int count = answers.size();
            for (ByteBuf answer = answers.poll(); answer != null; answer = answers.poll()) {
                handler.onDatagram(answer);
            }
            return count;
        }
    }

    private final RecordingChannel kernel = new RecordingChannel();
    private final List<CommitOutcome> outcomes = new ArrayList<>();
    private final CommitPipeline pipeline = new CommitPipeline(
            kernel,
            new ConntrackEncoder(false),
            256,
            ANSWER_NANOS,
            (tag, flow, outcome, errno) -> outcomes.add(outcome));

    private void submit(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(pipeline.submitCreate(i, Flows.tcp(i), 60)).isTrue();
        }
    }

    @Test
    void requestsGoOutInFullBatches() {
        submit(600);
        assertThat(pipeline.doWork(0, Integer.MAX_VALUE)).isEqualTo(600);
        assertThat(kernel.batchSizes).containsExactly(256, 256, 88);
        assertThat(outcomes).hasSize(600).containsOnly(CommitOutcome.CREATED);
        assertThat(pipeline.isIdle()).isTrue();
        assertThat(pipeline.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aBudgetEndsASlice() {
        submit(600);
        assertThat(pipeline.doWork(5, 100)).isEqualTo(100);
        assertThat(pipeline.pending()).isEqualTo(500);
        assertThat(pipeline.nextDeadline()).as("at once").isEqualTo(5);
    }

    @Test
    void answersThatDidNotFitAreNoticedAndTheWritesDoneAgainInSmallerBatches() {
        kernel.batchesToLose = 1;
        submit(256);
        pipeline.doWork(0, Integer.MAX_VALUE);
        assertThat(kernel.batchSizes).containsExactly(256, 128, 128);
        assertThat(outcomes).hasSize(256).containsOnly(CommitOutcome.CREATED);
        assertThat(pipeline.counts().lostBatches()).isEqualTo(1);
    }

    @Test
    void anAnswerThatNeverComesCountsAsLostAtItsDeadline() {
        kernel.batchesToIgnore = 1;
        submit(1);
        pipeline.doWork(100, 10);
        assertThat(pipeline.nextDeadline()).isEqualTo(100 + ANSWER_NANOS);
        pipeline.doWork(100 + ANSWER_NANOS - 1, 10);
        assertThat(outcomes).isEmpty();
        pipeline.doWork(100 + ANSWER_NANOS, 10);
        assertThat(outcomes).containsExactly(CommitOutcome.CREATED);
    }

    @Test
    void aKernelThatNeverAnswersIsGivenUp() {
        kernel.batchesToLose = Integer.MAX_VALUE;
        submit(3);
        for (int i = 0; i < 100 && !pipeline.isIdle(); i++) {
            pipeline.doWork(i, Integer.MAX_VALUE);
        }
        assertThat(outcomes).hasSize(3).containsOnly(CommitOutcome.UNRESOLVED);
    }

    @Test
    void aShortageOfMemoryIsWaitedOut() {
        kernel.sendError = Errno.ENOBUFS;
        submit(3);
        pipeline.doWork(0, 10);
        assertThat(outcomes).isEmpty();
        assertThat(pipeline.nextDeadline()).isPositive();
        kernel.sendError = 0;
        assertThat(pipeline.doWork(1, 10)).as("too early").isZero();
        pipeline.doWork(pipeline.nextDeadline(), 10);
        assertThat(outcomes).hasSize(3).containsOnly(CommitOutcome.CREATED);
    }

    @Test
    void aForbiddenSendFailsEachWriteWithItsError() {
        kernel.sendError = Errno.EPERM;
        submit(3);
        pipeline.doWork(0, 10);
        assertThat(outcomes).hasSize(3).containsOnly(CommitOutcome.FAILED);
        assertThat(pipeline.counts().errors()).containsEntry(Errno.EPERM, 3L);
    }

    @Test
    void cancellingEndsEveryWrite() {
        kernel.batchesToIgnore = 1;
        submit(300);
        pipeline.doWork(0, 256);
        pipeline.cancel();
        assertThat(outcomes).hasSize(300).containsOnly(CommitOutcome.CANCELLED);
        assertThat(pipeline.isIdle()).isTrue();
    }

    @Test
    void aFullQueueIsAnswered() {
        submit(CommitPipeline.QUEUE_LIMIT);
        assertThat(pipeline.submitCreate(0, Flows.tcp(0), 60)).isFalse();
        assertThat(pipeline.refusedCount()).isEqualTo(1);
    }
}
