// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.libc.Errno;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Expectations of the kernel's own FTP helper. */
@ExtendWith(LabExtension.class)
class ExpectationKernelIT {
    private static final String HELPER = """
            table ip t {
                ct helper ftp { type "ftp" protocol tcp; }
                chain out { type filter hook output priority 0; tcp dport 21 ct helper set "ftp"; }
            }
            """;

    /** What a stream tells of expectations. */
    private static final class Heard implements EventHandler {
        final List<EventType> types = new ArrayList<>();
        final List<Expectation> expectations = new ArrayList<>();

        @Override
        public void onEvent(EventType type, Flow flow, long originPortId) {
            // only expectations count here
        }

        @Override
        public void onExpectation(EventType type, Expectation expectation, long originPortId) {
            types.add(type);
            expectations.add(expectation);
        }
    }

    private static Conntrack open(Lab lab, String namespace) {
        return lab.closing(lab.namespace(namespace).get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
    }

    @Test
    void whatTheHelperExpectsIsToldReadAndPutIntoAnotherKernel(Lab lab) throws Exception {
        LabNamespace active = lab.namespace("active");
        active.nft(HELPER);
        Conntrack conntrack = open(lab, "active");
        EventStream stream =
                active.get(() -> conntrack.subscribe(EnumSet.allOf(EventType.class), EnumSet.allOf(EventType.class)));
        ServerSocket server = lab.closing(active.call(() -> new ServerSocket(21)));
        Socket client = lab.closing(active.call(() -> new Socket("127.0.0.1", 21)));
        client.setTcpNoDelay(true);
        // The helper reads a line only behind one whose end it has seen.
        for (String line : List.of("USER anonymous\r\n", "PORT 127,0,0,1,7,208\r\n")) {
            client.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        }

        Heard heard = new Heard();
        Lab.eventually(
                Duration.ofSeconds(10),
                () -> {
                    stream.receive(heard, 1000);
                    return !heard.types.isEmpty();
                },
                "the helper read the PORT command");
        Expectation told = heard.expectations.get(0);
        assertThat(heard.types).startsWith(EventType.NEW);
        assertThat(told.expected().destinationPort()).isEqualTo(7 * 256 + 208);
        assertThat(told.master().destinationPort()).isEqualTo(21);
        assertThat(told.helper()).isEqualTo("ftp");
        Expectation read = conntrack.expectations().dumpAll(null).get(0);
        assertThat(read.key()).isEqualTo(told.key());
        assertThat(conntrack.expectations().get(told.expected(), 0)).isPresent();
        assertThat(server.isBound()).isTrue();

        // The other kernel has never seen a packet of it.
        Conntrack standby = open(lab, "standby");
        Expectation translated = read.toBuilder()
                .nat(new ExpectationNat(Flows.tuple(Protocol.TCP, "192.0.2.9", 2000, "0.0.0.0", 0), 1))
                .function("nat-follow-master")
                // An id is local to one kernel.
                .clear(ExpectationAttribute.ID)
                .build();
        assertThat(standby.expectations().put(translated, 77)).isEqualTo(Errno.ENOENT);
        Flow master = conntrack.dumpAll(DumpFilter.ALL).stream()
                .filter(flow -> flow.original().equals(read.master()))
                .findFirst()
                .orElseThrow();
        assertThat(master.helper()).isEqualTo("ftp");
        assertThat(standby.create(master, 600)).isTrue();

        assertThat(standby.expectations().put(translated, 77)).isZero();
        Expectation copy = standby.expectations().dumpAll(null).get(0);
        assertThat(copy.key()).isEqualTo(translated.key());
        assertThat(copy.nat()).isEqualTo(translated.nat());
        assertThat(copy.function()).isEqualTo("nat-follow-master");
        assertThat(copy.expectationClass()).isEqualTo(translated.expectationClass());
        assertThat(copy.helper()).isEqualTo("ftp");
        assertThat(copy.timeoutSeconds()).isBetween(70L, 77L);

        // Again, with a longer time, and then as another translation of the same tuple.
        assertThat(standby.expectations().put(translated, 99)).isZero();
        assertThat(standby.expectations().dumpAll(null).get(0).timeoutSeconds()).isBetween(90L, 99L);
        Expectation plain = translated.toBuilder().nat(null).function(null).build();
        assertThat(standby.expectations().put(plain, 99)).isZero();
        assertThat(standby.expectations().dumpAll(null))
                .singleElement()
                .satisfies(one -> assertThat(one.nat()).isNull());

        assertThat(standby.expectations().delete(plain)).isZero();
        assertThat(standby.expectations().delete(plain)).isEqualTo(Errno.ENOENT);
        assertThat(standby.expectations().put(plain, 99)).isZero();
        assertThat(standby.expectations().flush()).isZero();
        assertThat(standby.expectations().dumpAll(null)).isEmpty();
    }

    @Test
    void ordersAreAnsweredWithErrorNumbersAndTheKernelCounts(Lab lab) {
        Conntrack conntrack = open(lab, "fw");
        TableOrders orders = conntrack.orders();
        assertThat(orders.create(Flows.tcp(1), 600)).isZero();
        assertThat(orders.create(Flows.tcp(1), 600)).isEqualTo(Errno.EEXIST);
        assertThat(orders.create(Flows.tcp(2).toBuilder().helper("none-such").build(), 600))
                .isEqualTo(Errno.EOPNOTSUPP);
        assertThat(orders.create(Flows.udp(3).toBuilder().zone(5).build(), 600)).isZero();
        Tuple reply = Flows.tcp(1).original().inverted();
        assertThat(orders.getByReply(reply, 0)).isPresent();
        Flow marked = Flow.builder(Flows.tcp(1).original())
                .mark(77)
                .timeoutSeconds(44)
                .build();
        assertThat(orders.change(marked, null)).isZero();
        assertThat(conntrack.get(marked.key()).orElseThrow().mark()).isEqualTo(77);
        assertThat(orders.change(Flows.tcp(9), null)).isEqualTo(Errno.ENOENT);
        assertThat(conntrack.entryCount()).isEqualTo(2);
        assertThat(conntrack.maximumEntries()).isPositive();
        assertThat(conntrack.statistics()).isNotEmpty();
        assertThat(conntrack.expectationStatistics()).isNotEmpty();
        assertThat(orders.flush(DumpFilter.ALL.withMark(77, -1))).isZero();
        assertThat(conntrack.dumpAll(DumpFilter.ALL)).hasSize(1);
        assertThat(orders.delete(Flows.udp(3))).isEqualTo(Errno.ENOENT);
        assertThat(orders.delete(Flows.udp(3).toBuilder().zone(5).build())).isZero();
    }
}
