// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.TcpState;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class EventStreamKernelIT {
    private record Event(EventType type, Flow flow, long origin) {}

    private final List<Event> events = new ArrayList<>();

    private static Conntrack open(Lab lab, ConntrackOptions options) {
        LabNamespace namespace = lab.namespace("fw");
        return lab.closing(namespace.get(() -> Conntrack.open(options)));
    }

    private EventStream subscribe(Lab lab, Conntrack conntrack, EventType... types) {
        EnumSet<EventType> set = EnumSet.noneOf(EventType.class);
        set.addAll(List.of(types));
        return lab.namespace("fw").get(() -> conntrack.subscribe(set));
    }

    private int read(EventStream stream) {
        return stream.receive((type, flow, origin) -> events.add(new Event(type, flow, origin)), 10_000);
    }

    @Test
    void newUpdateAndDestroyAreToldInOrderWithTheirOrigin(Lab lab) {
        Conntrack conntrack = open(lab, ConntrackOptions.DEFAULTS);
        EventStream stream = subscribe(lab, conntrack, EventType.values());

        conntrack.create(Flows.tcp(1), 600);
        conntrack.update(Flows.tcp(1).toBuilder().tcpState(TcpState.FIN_WAIT).build(), 60);
        conntrack.delete(Flows.tcp(1));
        conntrack.commitAll(List.of(Flows.udp(2)), 600);

        assertThat(read(stream)).isEqualTo(4);
        assertThat(events)
                .extracting(Event::type)
                .containsExactly(EventType.NEW, EventType.UPDATE, EventType.DESTROY, EventType.NEW);
        assertThat(events)
                .extracting(event -> conntrack.origin(event.origin()))
                .containsExactly(Origin.COMMAND, Origin.COMMAND, Origin.COMMAND, Origin.COMMIT);
        assertThat(events.get(1).flow().tcpState()).isEqualTo(TcpState.FIN_WAIT);
        assertThat(events.get(2).flow().original()).isEqualTo(Flows.tcp(1).original());
        assertThat(stream.eventCount()).isEqualTo(4);
        assertThat(stream.failedCount()).isZero();
    }

    @Test
    void onlyTheChosenTypesAreTold(Lab lab) {
        Conntrack conntrack = open(lab, ConntrackOptions.DEFAULTS);
        EventStream stream = subscribe(lab, conntrack, EventType.DESTROY);
        conntrack.create(Flows.tcp(1), 600);
        conntrack.delete(Flows.tcp(1));
        assertThat(read(stream)).isEqualTo(1);
        assertThat(events.get(0).type()).isEqualTo(EventType.DESTROY);
    }

    @Test
    void ownEventsAreDroppedInTheKernelAndOthersAreNot(Lab lab) {
        Conntrack other = open(lab, ConntrackOptions.DEFAULTS);
        Conntrack conntrack = open(lab, ConntrackOptions.DEFAULTS.withDropOwnEvents(true));
        EventStream stream = subscribe(lab, conntrack, EventType.values());

        conntrack.create(Flows.tcp(1), 600);
        conntrack.commitAll(List.of(Flows.tcp(2)), 600);
        other.create(Flows.tcp(3), 600);

        assertThat(read(stream)).isEqualTo(1);
        assertThat(events.get(0).flow().mark()).isEqualTo(3);
        assertThat(conntrack.origin(events.get(0).origin())).isEqualTo(Origin.OTHER);
    }

    @Test
    void aPacketsEventComesFromTheKernel(Lab lab) {
        LabNamespace fw = lab.namespace("fw");
        fw.nft("table ip t { chain c { type filter hook output priority 0; ct state new accept; }\n}");
        Conntrack conntrack = open(lab, ConntrackOptions.DEFAULTS);
        EventStream stream = subscribe(lab, conntrack, EventType.NEW);
        fw.run("bash", "-c", "echo x >/dev/udp/127.0.0.1/9");
        assertThat(read(stream)).isEqualTo(1);
        assertThat(conntrack.origin(events.get(0).origin())).isEqualTo(Origin.KERNEL);
        assertThat(events.get(0).flow().original().destinationPort()).isEqualTo(9);
    }

    @Test
    void anOverrunIsAValueToldOnceAndTheBufferGrows(Lab lab) {
        Conntrack conntrack = open(lab, ConntrackOptions.DEFAULTS.withEventBuffer(64 << 10, 256 << 10));
        EventStream stream = subscribe(lab, conntrack, EventType.NEW);
        int before = stream.bufferSize();
        assertThat(before).isEqualTo(64 << 10);

        conntrack.commitAll(Flows.many(2000, Flows::tcp), 600);
        assertThat(read(stream)).isEqualTo(EventStream.OVERRUN);
        while (read(stream) > 0) {
            // what fitted
        }
        assertThat(events.size()).isBetween(10, 1999);
        assertThat(stream.overrunCount()).isEqualTo(1);
        assertThat(stream.bufferSize()).isEqualTo(128 << 10);

        for (int i = 0; i < 4; i++) {
            conntrack.flush();
            conntrack.commitAll(Flows.many(2000, Flows::tcp), 600);
            read(stream);
            while (read(stream) > 0) {
                // what fitted
            }
        }
        assertThat(stream.bufferSize()).as("stops at its maximum").isEqualTo(256 << 10);
    }

    @Test
    void theKernelDropsWhatTheFilterDoesNotWant(Lab lab) {
        EventFilter filter = new EventFilter(
                new EventFilter.Numbers(true, List.of(6)),
                new EventFilter.Networks(false, List.of(new EventFilter.Network(IpAddress.parse("10.9.0.0"), 16))),
                new EventFilter.Numbers(false, List.of(TcpState.SYN_SENT)));
        Conntrack other = open(lab, ConntrackOptions.DEFAULTS);
        Conntrack conntrack =
                open(lab, ConntrackOptions.DEFAULTS.withDropOwnEvents(true).withEventFilter(filter));
        EventStream stream = subscribe(lab, conntrack, EventType.values());
        assertThat(stream.isFilteredInKernel()).isTrue();

        Flow wanted = Flows.tcp("10.1.0.1", 1000, "10.2.0.1", 80);
        other.create(wanted, 600);
        other.create(Flows.udp(1), 600);
        other.create(Flows.tcp("10.9.3.4", 1000, "10.2.0.1", 80), 600);
        other.create(Flows.tcp("10.1.0.1", 1001, "10.9.2.1", 80), 600);
        other.create(
                Flows.tcp("10.1.0.1", 1002, "10.2.0.1", 80).toBuilder()
                        .tcpState(TcpState.SYN_SENT)
                        .build(),
                600);
        conntrack.create(Flows.tcp("10.1.0.1", 1003, "10.2.0.1", 80), 600);
        Flow six = Flows.tcp("fd00::1", 1000, "fd00::2", 80);
        other.create(six, 600);

        assertThat(read(stream)).isEqualTo(2);
        assertThat(events)
                .extracting(event -> event.flow().original())
                .containsExactly(wanted.original(), six.original());
    }

    @Test
    void aReliableStreamIsToldTheEndOfEveryFlowAfterAnOverrun(Lab lab) {
        Conntrack other = open(lab, ConntrackOptions.DEFAULTS);
        Conntrack conntrack = open(
                lab,
                ConntrackOptions.DEFAULTS.withEventBuffer(64 << 10, 64 << 10).withReliableEvents(true));
        EventStream stream = subscribe(lab, conntrack, EventType.DESTROY);
        int flows = 2000;
        other.commitAll(Flows.many(flows, Flows::tcp), 600);
        other.flush();

        Lab.eventually(
                Duration.ofSeconds(30),
                () -> {
                    read(stream);
                    return events.size() >= flows;
                },
                "the kernel repeats what did not fit");
        assertThat(events).extracting(Event::type).containsOnly(EventType.DESTROY);
        assertThat(stream.overrunCount()).as("reported all the same").isPositive();
    }
}
