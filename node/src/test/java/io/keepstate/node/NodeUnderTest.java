// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;

import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.config.TakeoverPolicy;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.Role;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.Waker;
import io.keepstate.node.sync.StateSync;
import io.keepstate.vrrp.TransitionReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The sync side of a node with recording fakes behind its ports, on virtual milliseconds. */
final class NodeUnderTest {
    final FakeFlowTable kernel = new FakeFlowTable();
    final FakeExpectationTable expectations = new FakeExpectationTable();
    final List<String> log = new ArrayList<>();
    final List<String> addressWork = new ArrayList<>();
    final BoundedQueue<ToSync> fromVrrp = new BoundedQueue<>(64, Waker.NONE);
    final BoundedQueue<ToVrrp> toVrrp = new BoundedQueue<>(64, Waker.NONE);
    final ArrayDeque<ByteBuf> sent = new ArrayDeque<>();
    final SyncDuty duty;
    long now;
    private int holds;

    NodeUnderTest(int number, VrrpGroup... groups) {
        this(number, 262_144, groups);
    }

    NodeUnderTest(int number, int flowLimit, VrrpGroup... groups) {
        this(
                number,
                settings(number)
                        .flowLimit(flowLimit)
                        .commitTimeout(Duration.ofMinutes(30))
                        .build(),
                groups);
    }

    /** What the tests have in common. */
    static SyncConfiguration.Builder settings(int number) {
        return SyncConfiguration.builder(PeerLink.between("10.0.0." + number, "10.0.0." + (3 - number)))
                .purgeTimeout(Duration.ofSeconds(5))
                .overrunResyncDelay(Duration.ofSeconds(1));
    }

    /** One whose settings differ in something from what the tests have in common. */
    NodeUnderTest(int number, UnaryOperator<SyncConfiguration.Builder> differing) {
        this(number, differing.apply(settings(number)).build());
    }

    NodeUnderTest(int number, SyncConfiguration sync, VrrpGroup... groups) {
        NodeConfiguration configuration =
                new NodeConfiguration(List.of(groups), Optional.of(sync), TakeoverPolicy.DEFAULT);
        StateSync state = new StateSync(
                sync,
                kernel,
                expectations,
                datagram -> sent.add(Unpooled.copiedBuffer(datagram)),
                this::record,
                1500,
                1_000_000L * number,
                number);
        duty = new SyncDuty(
                configuration,
                state,
                new RecordingAddresses(),
                address -> addressWork.add("announce"),
                fromVrrp,
                toVrrp,
                this::record,
                0);
    }

    StateSync sync() {
        return Objects.requireNonNull(duty.sync());
    }

    /** NOTRACK that asks at its start. */
    static SyncMode.NoTrack noTrack(boolean withoutInternal, boolean withoutExternal) {
        return new SyncMode.NoTrack(withoutInternal, withoutExternal, true);
    }

    /** FTFW without an external cache. */
    static SyncMode.Ftfw injecting() {
        return new SyncMode.Ftfw(300, 131_072, true, true);
    }

    void start() {
        duty.start(ms(now));
    }

    /** Starts two nodes that find each other. */
    static void meet(NodeUnderTest a, NodeUnderTest b) {
        a.start();
        b.start();
        talk(a, b, 1200);
    }

    /** Lets time pass, one turn per millisecond. */
    void run(long millis) {
        for (long until = now + millis; now < until; now++) {
            duty.doWork(ms(now));
        }
    }

    void becomes(String group, Role role) {
        holds += role == Role.BACKUP ? 1 : 0;
        fromVrrp.offer(new ToSync.RoleChange(group, role, TransitionReason.STARTUP, "test", holds, ms(now)));
    }

    /** Exchanges datagrams for a while. */
    static void talk(NodeUnderTest a, NodeUnderTest b, long millis) {
        for (long i = 0; i < millis; i++) {
            a.run(1);
            b.run(1);
            deliver(a, b);
            deliver(b, a);
        }
    }

    static Flow flow(int number) {
        return flow(number, 0);
    }

    static Flow flow(int number, int zone) {
        Tuple tuple = Tuple.ipv4(0xac100001 + number, 0x0a0f0701, Protocol.TCP, 1024 + number % 60_000, 80);
        return Flow.builder(tuple)
                .reply(tuple.inverted())
                .status(Status.ASSURED | Status.SEEN_REPLY | Status.CONFIRMED)
                .tcpState(TcpState.ESTABLISHED)
                .timeoutSeconds(600)
                .zone(zone)
                .build();
    }

    private static void deliver(NodeUnderTest from, NodeUnderTest to) {
        for (ByteBuf datagram = from.sent.poll(); datagram != null; datagram = from.sent.poll()) {
            to.sync().receive(datagram, ms(to.now));
        }
    }

    private void record(NodeEvent event) {
        log.add(event.text());
    }

    private final class RecordingAddresses implements Addresses {
        @Override
        public void up(VrrpGroup some, Completion answer) {
            addressWork.add("add " + some.addresses().size());
            answer.done(null);
        }

        @Override
        public void down(VrrpGroup some, Completion answer) {
            addressWork.add("remove " + some.addresses().size());
            answer.done(null);
        }
    }
}
