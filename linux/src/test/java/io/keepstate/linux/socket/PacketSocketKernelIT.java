// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class PacketSocketKernelIT {
    private static final int ARP = 0x0806;
    private static final String GRATUITOUS_ARP = "ffffffffffff02000000000a0806" + "0001080006040001" + "02000000000a"
            + "0a000064" + "ffffffffffff" + "0a000064";

    @Test
    void gratuitousArpIsHeardByTheNeighbourOctetForOctet(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        lab.veth(a, "eth0", b, "eth0");
        int indexA = a.index("eth0");
        int indexB = b.index("eth0");
        PacketSocket receiver = lab.closing(b.get(() -> PacketSocket.openReceiver(ARP, indexB)));
        PacketSocket sender = lab.closing(a.get(PacketSocket::openSender));
        ByteBuf frame = NativeMemory.allocate(42).writeBytes(ByteBufUtil.decodeHexDump(GRATUITOUS_ARP));
        try {
            assertThat(sender.send(frame, indexA)).isEqualTo(42);
            List<String> heard = new ArrayList<>();
            Lab.eventually(
                    Duration.ofSeconds(5),
                    () -> receiver.receive(
                                    (data, index, outgoing) ->
                                            heard.add(ByteBufUtil.hexDump(data) + " " + (index == indexB) + outgoing),
                                    10)
                            > 0,
                    "the frame arrives");
            assertThat(heard).containsExactly(GRATUITOUS_ARP + " truefalse");
            assertThat(sender.receive((data, index, outgoing) -> heard.clear(), 10))
                    .isZero();
            a.down("eth0");
            assertThat(sender.send(frame, indexA)).isEqualTo(-Errno.ENETDOWN);
            assertThat(sender.send(frame, 4711)).isEqualTo(-Errno.ENXIO);
        } finally {
            frame.release();
        }
    }
}
