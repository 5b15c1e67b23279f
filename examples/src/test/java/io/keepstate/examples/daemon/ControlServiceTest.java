// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.examples.control.ChunkedOutput;
import io.keepstate.examples.control.ControlHandler;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.node.SyncDuty;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client gets while the node behind the socket starts or stops. */
class ControlServiceTest {
    private static final class NoNode implements ControlService.Node {
        @Override
        public <T> T ask(Function<SyncDuty, T> question) {
            throw new IllegalStateException("the node does not run");
        }

        @Override
        public boolean execute(Consumer<SyncDuty> command) {
            return false;
        }

        @Override
        public String statistics(ControlRequest request) {
            throw new IllegalStateException("the node does not run");
        }
    }

    private static final class Reply implements ControlHandler.Output {
        private final List<String> got = new ArrayList<>();
        private boolean held;

        @Override
        public void text(CharSequence text) {
            got.add(text.toString());
        }

        @Override
        public void stream(ChunkedOutput chunks) {
            StringBuilder page = new StringBuilder();
            while (chunks.appendPage(page)) {
                got.add(page.toString());
                page.setLength(0);
            }
        }

        @Override
        public Runnable hold() {
            held = true;
            return () -> held = false;
        }

        @Override
        public void holdToTheEnd() {
            held = true;
        }

        @Override
        public void unserved() {
            got.add("unserved");
        }
    }

    /** A node that has too many commands waiting, or one whose commands fail. */
    private record FailingNode(boolean takes) implements ControlService.Node {
        @Override
        public <T> T ask(Function<SyncDuty, T> question) {
            throw new IllegalStateException("the node does not run");
        }

        @Override
        public boolean execute(Consumer<SyncDuty> command) {
            if (takes) {
                assertThatThrownBy(() -> command.accept(null)).isInstanceOf(NullPointerException.class);
            }
            return takes;
        }

        @Override
        public String statistics(ControlRequest request) {
            return "";
        }
    }

    @Test
    void aRequestThatIsNotTakenIsNotAnsweredAsIfItWereDone() {
        Reply reply = new Reply();
        serve(new FailingNode(false), ControlRequest.COMMIT, reply);
        assertThat(reply.held).isFalse();
        assertThat(reply.got).containsExactly("unserved");
    }

    @Test
    void aRequestThatFailsDoesNotKeepItsClientWaiting() {
        Reply reply = new Reply();
        serve(new FailingNode(true), ControlRequest.COMMIT, reply);
        assertThat(reply.held).isFalse();
    }

    private static void serve(ControlService.Node node, ControlRequest request, Reply reply) {
        new ControlService(node, new ControlService.Synced(true, 60), Runnable::run, () -> {}).handle(request, reply);
    }

    @ParameterizedTest
    @EnumSource
    void withoutARunningNodeEveryRequestEndsAndNothingIsThrown(ControlRequest request) {
        Reply reply = new Reply();
        boolean[] stopped = {false};
        new ControlService(new NoNode(), new ControlService.Synced(true, 60), Runnable::run, () -> stopped[0] = true)
                .handle(request, reply);
        assertThat(reply.held).as("who asks for the end waits for it").isEqualTo(request == ControlRequest.KILL);
        assertThat(reply.got).allMatch("unserved"::equals);
        assertThat(stopped[0]).isEqualTo(request == ControlRequest.KILL);
    }
}
