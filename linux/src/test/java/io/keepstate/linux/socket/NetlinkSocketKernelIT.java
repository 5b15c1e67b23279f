// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.process.Capabilities;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class NetlinkSocketKernelIT {
    private static final int RTM_GETLINK = 18;
    private static final int NLM_F_REQUEST_DUMP = 0x301;
    private static final int RTNLGRP_LINK = 1;

    private final ByteBuf dumpLinks = NativeMemory.allocate(32)
            .writeIntLE(32)
            .writeShortLE(RTM_GETLINK)
            .writeShortLE(NLM_F_REQUEST_DUMP)
            .writeIntLE(7)
            .writeIntLE(0)
            .writeZero(16);
    private LabNamespace node;

    @BeforeEach
    void makeNamespace(Lab lab) {
        node = lab.namespace("node");
    }

    @AfterEach
    void release() {
        dumpLinks.release();
    }

    @Test
    void dumpIsAnsweredOnTheSocketThatAskedForIt(Lab lab) {
        NetlinkSocket socket = lab.closing(node.get(() -> NetlinkSocket.open(NetlinkSocket.ROUTE)));
        socket.extendedAck(true);
        socket.capAck(true);
        socket.strictChecking(true);
        assertThat(socket.send(dumpLinks)).isEqualTo(32);
        List<Long> portIds = new ArrayList<>();
        assertThat(socket.receive(datagram -> portIds.add(datagram.getUnsignedIntLE(12)), 100))
                .isPositive();
        assertThat(portIds).containsOnly(socket.portId());
        assertThat(socket.receive(datagram -> portIds.clear(), 100)).isZero();
    }

    @Test
    void portIdIsUnsigned(Lab lab) {
        NetlinkSocket first = lab.closing(node.get(() -> NetlinkSocket.open(NetlinkSocket.ROUTE)));
        NetlinkSocket second = lab.closing(node.get(() -> NetlinkSocket.open(NetlinkSocket.ROUTE)));
        assertThat(first.portId()).isPositive().isNotEqualTo(second.portId());
        assertThat(second.portId()).isPositive();
    }

    @Test
    void lostEventsAreAValueOnceAndTheSocketGoesOn(Lab lab) {
        NetlinkSocket events = lab.closing(node.get(() -> NetlinkSocket.openForEvents(NetlinkSocket.ROUTE)));
        events.join(RTNLGRP_LINK);
        events.receiveBuffer(4096);
        for (int i = 0; i < 50; i++) {
            node.down("lo");
            node.up("lo");
        }
        assertThat(events.receive(datagram -> {}, 1000)).isEqualTo(NetlinkSocket.OVERRUN);
        assertThat(events.overruns()).isEqualTo(1);
        while (events.receive(datagram -> {}, 1000) > 0) {
            // Reads what did fit.
        }
        node.down("lo");
        assertThat(events.receive(datagram -> {}, 1000)).isPositive();
        assertThat(events.overruns()).isEqualTo(1);
    }

    @Test
    void leavingAGroupEndsItsEvents(Lab lab) {
        NetlinkSocket events = lab.closing(node.get(() -> NetlinkSocket.openForEvents(NetlinkSocket.ROUTE)));
        events.join(RTNLGRP_LINK);
        node.down("lo");
        assertThat(events.receive(datagram -> {}, 1000)).isPositive();
        events.leave(RTNLGRP_LINK);
        node.up("lo");
        assertThat(events.receive(datagram -> {}, 1000)).isZero();
    }

    @Test
    void datagramLongerThanASlotCountsAsLost(Lab lab) {
        NetlinkSocket socket = lab.closing(node.get(() -> NetlinkSocket.open(NetlinkSocket.ROUTE, 2, 64)));
        socket.send(dumpLinks);
        assertThat(socket.receive(datagram -> {}, 100)).isEqualTo(NetlinkSocket.OVERRUN);
        assertThat(socket.truncated()).isPositive();
        assertThat(socket.overruns()).isZero();
    }

    @Test
    void budgetLeavesTheRestForTheNextCall(Lab lab) {
        NetlinkSocket events = lab.closing(node.get(() -> NetlinkSocket.openForEvents(NetlinkSocket.ROUTE)));
        events.join(RTNLGRP_LINK);
        for (int i = 0; i < 5; i++) {
            node.down("lo");
            node.up("lo");
        }
        assertThat(events.receive(datagram -> {}, 3)).isEqualTo(3);
        assertThat(events.receive(datagram -> {}, 1000)).isGreaterThanOrEqualTo(7);
    }

    @Test
    void receiveBufferPassesTheSystemLimitIfPrivileged(Lab lab) {
        Assumptions.assumeFalse(Capabilities.read().userNamespace(), "a user namespace is held to rmem_max");
        NetlinkSocket events = lab.closing(node.get(() -> NetlinkSocket.openForEvents(NetlinkSocket.NETFILTER)));
        assertThat(events.receiveBuffer(16 << 20)).isEqualTo(32 << 20);
        assertThat(events.receiveBuffer()).isEqualTo(32 << 20);
    }

    @Test
    void optionsOfReliableEventsAreAccepted(Lab lab) {
        NetlinkSocket events = lab.closing(node.get(() -> NetlinkSocket.openForEvents(NetlinkSocket.NETFILTER)));
        events.broadcastError(true);
        events.noEnobufs(true);
        events.noEnobufs(false);
        assertThat(events.sendBuffer(1 << 20)).isPositive();
    }

    @Test
    void messageFromAnotherProcessIsDroppedAndCounted(Lab lab) {
        NetlinkSocket victim = lab.closing(node.get(() -> NetlinkSocket.open(NetlinkSocket.ROUTE)));
        SocketHandle attacker =
                lab.closing(node.get(() -> SocketHandle.open(16, SocketHandle.SOCK_RAW, 0, "attacker")));
        assertThat(attacker.sendToPortId(dumpLinks, victim.portId())).isEqualTo(32);
        assertThat(victim.receive(datagram -> Assertions.fail("must not be handed over"), 10))
                .isEqualTo(1);
        assertThat(victim.foreign()).isEqualTo(1);
    }

    @Test
    void heapBufferIsRefusedInsteadOfCrashing(Lab lab) {
        NetlinkSocket socket = lab.closing(node.get(() -> NetlinkSocket.open(NetlinkSocket.ROUTE)));
        ByteBuf heap = Unpooled.buffer(32).writeZero(32);
        assertThatThrownBy(() -> socket.send(heap)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unknownProtocolSaysWhichOne() {
        assertThatThrownBy(() -> node.get(() -> NetlinkSocket.open(31)))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("EPROTONOSUPPORT")
                .hasMessageContaining("netlink protocol 31");
    }

    @Test
    void closedSocketSaysSo() {
        NetlinkSocket socket = node.get(() -> NetlinkSocket.open(NetlinkSocket.ROUTE));
        socket.close();
        socket.close();
        assertThatThrownBy(() -> socket.receive(datagram -> {}, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> socket.send(dumpLinks)).isInstanceOf(IllegalStateException.class);
    }
}
