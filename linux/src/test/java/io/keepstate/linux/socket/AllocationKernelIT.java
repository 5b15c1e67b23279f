// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is done for each packet makes nothing for the garbage collector. */
@ExtendWith(LabExtension.class)
class AllocationKernelIT {
    private static final int ROUNDS = 2_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long sum;

    @Test
    void udpSendAndReceiveAllocateNothing(Lab lab) {
        LabNamespace node = lab.namespace("node");
        node.address("lo", "10.0.0.1/32");
        UdpSocket socket = lab.closing(node.get(() -> UdpSocket.open(IpFamily.IPV4, 16, 2048)));
        Endpoint self = Endpoint.of("10.0.0.1", 3780);
        socket.bind(self);
        ByteBuf payload = NativeMemory.allocate(100).writeZero(100);
        UdpHandler handler = (data, high, low, port, scope) -> sum += data.readableBytes() + low + port;
        assertThat(allocatedPerRound(() -> {
                    socket.send(payload, self);
                    socket.receive(handler, 16);
                }))
                .isLessThan(1);
        payload.release();
    }

    @Test
    void rawSendAndReceiveAllocateNothing(Lab lab) {
        LabNamespace node = lab.namespace("node");
        node.address("lo", "fd00::1/128");
        RawSocket socket = lab.closing(node.get(() -> RawSocket.open(IpFamily.IPV6, 112)));
        Endpoint self = Endpoint.of("fd00::1", 0);
        ByteBuf payload = NativeMemory.allocate(100).writeZero(100);
        RawHandler handler = (data, source) -> sum += data.readableBytes() + source.hopLimit() + source.sourceLow();
        assertThat(allocatedPerRound(() -> {
                    socket.send(payload, self, self);
                    socket.receive(handler, 16);
                }))
                .isLessThan(1);
        payload.release();
    }

    @Test
    void netlinkReceiveAllocatesNothing(Lab lab) {
        LabNamespace node = lab.namespace("node");
        NetlinkSocket socket = lab.closing(node.get(() -> NetlinkSocket.open(NetlinkSocket.ROUTE)));
        ByteBuf getLinks = NativeMemory.allocate(32)
                .writeIntLE(32)
                .writeShortLE(18)
                .writeShortLE(0x301)
                .writeZero(24);
        DatagramHandler handler = datagram -> sum += datagram.readableBytes();
        assertThat(allocatedPerRound(() -> {
                    socket.send(getLinks);
                    socket.receive(handler, 16);
                }))
                .isLessThan(1);
        getLinks.release();
    }

    /** Octets per round on this thread, after a warm-up in which classes are loaded and stubs are made. */
    private double allocatedPerRound(Runnable round) {
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(sum).isPositive();
        return (double) allocated / ROUNDS;
    }
}
