// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.conntrack.codec.ExpectationEncoder;
import io.keepstate.conntrack.codec.FlowListing;
import io.keepstate.conntrack.codec.MessageKind;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Flow;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.Status;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.socket.NetlinkSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Records one message of each kind from the running kernel; every one must decode without an unknown attribute lost to
 * an error. With the environment variable {@code KEEPSTATE_RECORD} naming a directory they become the fixtures of {@code FixtureTest}.
 */
@ExtendWith(LabExtension.class)
class RecordFixturesKernelIT {
    private final ConntrackDecoder decoder = new ConntrackDecoder();

    private static Flow flow(int protocol, String source, int sourceId, String destination, int destinationId) {
        return Flow.builder(Flows.tuple(protocol, source, sourceId, destination, destinationId))
                .status(Status.SEEN_REPLY | Status.CONFIRMED)
                .set(Attribute.SCTP_STATE, 4)
                .set(Attribute.SCTP_VTAG_ORIGINAL, 0xdeadbeefL)
                .set(Attribute.SCTP_VTAG_REPLY, 0x01020304L)
                .tcpState(TcpState.ESTABLISHED)
                .mark(protocol)
                .build();
    }

    private static List<Flow> flows() {
        Flow tcp = flow(Protocol.TCP, "10.0.0.1", 1113, "10.0.1.2", 81);
        return List.of(
                tcp.toBuilder().sourceNat(new NatTarget(Flows.PUBLIC, 5555)).build(),
                flow(Protocol.TCP, "fd00::1", 1000, "fd00::2", 443).toBuilder()
                        .originalAdjustment(new SequenceAdjustment(1, 2, 3))
                        .replyAdjustment(new SequenceAdjustment(4, 5, 6))
                        .synProxy(new SynProxy(7, 8, 9))
                        .build(),
                flow(Protocol.UDP, "10.0.0.1", 5353, "10.0.1.2", 53).toBuilder()
                        .zone(7)
                        .build(),
                flow(Protocol.UDP, "10.0.0.9", 5353, "10.0.1.2", 53).toBuilder()
                        .set(Attribute.ZONE_ORIGINAL, 3)
                        .build(),
                flow(Protocol.UDPLITE, "10.0.0.1", 1, "10.0.1.2", 2),
                flow(Protocol.SCTP, "10.0.0.1", 3, "10.0.1.2", 4),
                flow(Protocol.DCCP, "10.0.0.1", 5, "10.0.1.2", 6),
                flow(Protocol.GRE, "10.0.0.1", 0x1234, "10.0.1.2", 0x5678),
                flow(Protocol.ICMP, "10.0.0.1", 77, "10.0.1.2", Tuple.icmpTypeAndCode(8, 0)),
                flow(Protocol.ICMPV6, "fd00::1", 78, "fd00::2", Tuple.icmpTypeAndCode(128, 0)),
                flow(89, "10.0.0.1", 0, "10.0.1.2", 0),
                flow(Protocol.TCP, "10.0.0.1", 2000, "10.0.1.2", 2001).toBuilder()
                        .master(tcp.original())
                        .build());
    }

    @Test
    void everyMessageOfTheKernelDecodes(Lab lab) {
        LabNamespace fw = lab.namespace("fw");
        fw.nft("table ip t { chain c { type filter hook output priority 0; ct state new counter; }\n}");
        fw.sysctl("net.netfilter.nf_conntrack_acct", "1");
        fw.sysctl("net.netfilter.nf_conntrack_timestamp", "1");
        NetlinkSocket socket = lab.closing(fw.get(() -> NetlinkSocket.open(NetlinkSocket.NETFILTER)));
        for (int group = 1; group <= 3; group++) {
            socket.join(group);
        }
        Conntrack conntrack = lab.closing(fw.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
        assertThat(conntrack.commitAll(flows(), 600).failed()).isLessThanOrEqualTo(1); // DCCP is gone from new kernels
        record(socket, "new");

        ByteBuf request = Unpooled.directBuffer(ConntrackEncoder.MAX_MESSAGE_OCTETS);
        new ConntrackEncoder(false).dump(request, 1, DumpFilter.ALL);
        socket.send(request);
        request.release();
        record(socket, "dump");

        conntrack.update(flows().get(0).toBuilder().tcpState(TcpState.FIN_WAIT).build(), 60);
        record(socket, "update");
        conntrack.flush();
        record(socket, "destroy");

        fw.run("bash", "-c", "echo x >/dev/udp/127.0.0.1/9");
        record(socket, "packet");
        assertThat(decoder.malformedCount()).isZero();
        assertThat(decoder.decodedCount()).isGreaterThan(30);
    }

    @Test
    void everyExpectationOfTheKernelDecodes(Lab lab) {
        LabNamespace fw = lab.namespace("fw");
        fw.nft("table ip t { chain c { type nat hook postrouting priority 100; }\n}");
        NetlinkSocket socket = lab.closing(fw.get(() -> NetlinkSocket.open(NetlinkSocket.NETFILTER)));
        // Before the flow is made: one that nobody listened to at its birth never has events, nor do its expectations.
        for (int group = 4; group <= 6; group++) {
            socket.join(group);
        }
        Conntrack conntrack = lab.closing(fw.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
        Flow control = flow(Protocol.TCP, "10.0.0.1", 2000, "10.0.1.2", 21).toBuilder()
                .helper("ftp")
                .build();
        assumeTrue(conntrack.commitAll(List.of(control), 600).withoutHelper() == 0, "this kernel has no FTP helper");
        Tuple data = Flows.tuple(Protocol.TCP, "10.0.0.1", 0, "10.0.1.2", 7681);
        Tuple mask = Tuple.ipv4(-1, -1, Protocol.TCP, 0, 0xffff);
        Expectation expectation = Expectation.builder(data, mask, control.original())
                .nat(new ExpectationNat(Flows.tuple(Protocol.TCP, "9.9.9.9", 7681, "0.0.0.0", 0), 1))
                .expectationClass(0)
                .flags(0)
                .helper("ftp")
                .function("nat-follow-master")
                .build();
        ByteBuf request = Unpooled.directBuffer(ConntrackEncoder.MAX_MESSAGE_OCTETS);
        ExpectationEncoder.create(request, 1, false, expectation, 300);
        socket.send(request);
        record(socket, "expectation-new");
        assertThat(decoder.kind()).isEqualTo(MessageKind.EXPECTATION_NEW);
        assertThat(told(decoder.expectation())).isEqualTo(expectation);

        ExpectationEncoder.dump(request.clear(), 2, null);
        socket.send(request);
        record(socket, "expectation-dump");
        ExpectationEncoder.delete(request.clear(), 3, false, expectation);
        socket.send(request);
        record(socket, "expectation-destroy");
        assertThat(decoder.kind()).isEqualTo(MessageKind.EXPECTATION_DESTROY);
        assertThat(told(decoder.expectation())).isEqualTo(expectation);
        assertThat(decoder.unknownAttributeCount()).isZero();
        request.release();
    }

    /** Without what the kernel adds. */
    private static Expectation told(Expectation expectation) {
        assertThat(expectation.timeoutSeconds()).isBetween(1L, 300L);
        return expectation.toBuilder()
                .clear(ExpectationAttribute.TIMEOUT)
                .clear(ExpectationAttribute.ID)
                .build();
    }

    private void record(NetlinkSocket socket, String what) {
        int[] count = {0};
        while (socket.receive(datagram -> record(datagram, what, count), 64) > 0) {
            // all of them
        }
    }

    private void record(ByteBuf datagram, String what, int[] count) {
        int at = datagram.readerIndex();
        while (datagram.writerIndex() - at >= 16) {
            int length = datagram.getIntLE(at);
            ByteBuf message = datagram.slice(at, length);
            decoder.begin(message);
            assertThat(decoder.next()).isTrue();
            assertThat(decoder.kind()).isNotEqualTo(MessageKind.MALFORMED);
            write(String.format("%s-%02d", what, ++count[0]), message);
            at += (length + 3) & ~3;
        }
    }

    private void write(String name, ByteBuf message) {
        String directory = System.getenv("KEEPSTATE_RECORD");
        if (directory == null) {
            return;
        }
        try {
            Files.createDirectories(Path.of(directory));
            String hex = ByteBufUtil.hexDump(message).replaceAll("(.{64})", "$1\n") + "\n";
            Files.writeString(Path.of(directory, name + ".hex"), hex);
            Files.writeString(Path.of(directory, name + ".txt"), FlowListing.of(decoder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
