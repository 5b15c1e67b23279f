// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.EventFilter.Network;
import io.keepstate.conntrack.EventFilter.Networks;
import io.keepstate.conntrack.EventFilter.Numbers;
import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.linux.socket.FilterAssembler;
import io.keepstate.linux.socket.FilterAssembler.Label;
import io.keepstate.linux.socket.SocketFilter;

/**
 * An {@link EventFilter} as a program that the kernel runs on each event before it is queued. It decides exactly what
 * the same filter decides in user space. (conntrackd's kernel filter differs from its other one: it tests the original
 * destination, before NAT, in place of the reply's source.)
 *
 * <p>Attribute numbers: include/uapi/linux/netfilter/nfnetlink_conntrack.h.
 */
final class EventFilterProgram {
    // struct nlmsghdr in host order, little endian: the low octet of nlmsg_type is the message, the high one its
    // subsystem.
    private static final int MESSAGE_TYPE = 4;
    private static final int SUBSYSTEM = 5;
    private static final int PORT_ID = 12;
    private static final int ATTRIBUTES = 20;
    private static final int VALUE = 4;

    private static final int NFNL_SUBSYS_CTNETLINK = 1;
    private static final int IPCTNL_MSG_CT_DELETE = 2;
    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_TUPLE_REPLY = 2;
    private static final int CTA_PROTOINFO = 4;
    private static final int CTA_TUPLE_IP = 1;
    private static final int CTA_TUPLE_PROTO = 2;
    private static final int CTA_IP_V4_SRC = 1;
    private static final int CTA_IP_V6_SRC = 3;
    private static final int CTA_PROTO_NUM = 1;
    private static final int CTA_PROTOINFO_TCP = 1;
    private static final int CTA_PROTOINFO_TCP_STATE = 1;

    /** Memory words of the program. */
    private static final int ADDRESSES = 0;

    private static final int IPV4_ADDRESS = 1;

    private final FilterAssembler code = new FilterAssembler();
    private final Label accept = code.label();
    private final Label drop = code.label();

    private EventFilterProgram() {}

    /**
     * Builds the program.
     *
     * @param ownPortIds events that these sockets' requests caused are dropped
     * @throws IllegalStateException when there are too many addresses for one program (some 600 IPv4 or 150 IPv6 ones)
     */
    static SocketFilter build(EventFilter filter, long... ownPortIds) {
        EventFilterProgram program = new EventFilterProgram();
        program.own(ownPortIds);
        program.otherSubsystems();
        program.protocols(filter.protocols());
        program.addresses(filter.networks());
        program.tcpStates(filter.tcpStates());
        return program.end();
    }

    private SocketFilter end() {
        code.bind(accept).accept();
        code.bind(drop).drop();
        return code.build();
    }

    private void own(long... portIds) {
        if (portIds.length > 0) {
            code.loadWord(PORT_ID);
            for (long portId : portIds) {
                // A number in host order, loaded as if it were in network order.
                code.jumpIfEqual(Integer.reverseBytes((int) portId), drop);
            }
        }
    }

    /** Expectations are for user space to judge: what matters is their master. */
    private void otherSubsystems() {
        code.loadByte(SUBSYSTEM).jumpUnlessEqual(NFNL_SUBSYS_CTNETLINK, accept);
    }

    private void protocols(Numbers test) {
        if (!test.isEmpty()) {
            loadProtocol(accept);
            numbers(test);
        }
    }

    /** Goes on if the accumulator passes. */
    private void numbers(Numbers test) {
        Label listed = test.accept() ? code.label() : drop;
        for (int value : test.values()) {
            code.jumpIfEqual(value, listed);
        }
        if (test.accept()) {
            code.jump(drop).bind(listed);
        }
    }

    private void loadProtocol(Label absent) {
        find(absent, CTA_TUPLE_ORIG, CTA_TUPLE_PROTO, CTA_PROTO_NUM);
        code.copyToIndex().loadByteAtIndex(VALUE);
    }

    /** Accumulator = the attribute at the end of a path from the message's top. */
    private void find(Label absent, int top, int... nested) {
        code.load(ATTRIBUTES).findAttribute(top).jumpIfEqual(0, absent);
        for (int type : nested) {
            code.findNested(type).jumpIfEqual(0, absent);
        }
    }

    private void addresses(Networks test) {
        if (test.isEmpty()) {
            return;
        }
        Label match = code.label();
        Label next = code.label();
        source(CTA_TUPLE_ORIG, test, match);
        source(CTA_TUPLE_REPLY, test, match);
        code.jump(test.accept() ? drop : next);
        code.bind(match);
        if (!test.accept()) {
            code.jump(drop);
        }
        code.bind(next);
    }

    /** Jumps if the source address of a tuple is listed, else goes on. */
    private void source(int tuple, Networks test, Label match) {
        Label absent = code.label();
        Label notIpv4 = code.label();
        find(absent, tuple, CTA_TUPLE_IP);
        code.store(ADDRESSES);
        code.findNested(CTA_IP_V4_SRC).jumpIfEqual(0, notIpv4);
        code.copyToIndex().loadWordAtIndex(VALUE).store(IPV4_ADDRESS);
        for (Network network : test.values()) {
            if (network.address().family() == Family.IPV4) {
                ipv4(network, match);
            }
        }
        code.jump(absent);
        code.bind(notIpv4).loadMemory(ADDRESSES).findNested(CTA_IP_V6_SRC).jumpIfEqual(0, absent);
        code.copyToIndex();
        for (Network network : test.values()) {
            if (network.address().family() == Family.IPV6) {
                ipv6(network, match);
            }
        }
        code.bind(absent);
    }

    private void ipv4(Network network, Label match) {
        int mask = network.mask(0);
        code.loadMemory(IPV4_ADDRESS);
        if (mask != -1) {
            code.and(mask);
        }
        code.jumpIfEqual(network.words()[0] & mask, match);
    }

    private void ipv6(Network network, Label match) {
        Label other = code.label();
        int[] words = network.words();
        for (int i = 0; i < words.length && network.mask(i) != 0; i++) {
            code.loadWordAtIndex(VALUE + i * Integer.BYTES);
            if (network.mask(i) != -1) {
                code.and(network.mask(i));
            }
            code.jumpUnlessEqual(words[i] & network.mask(i), other);
        }
        code.jump(match).bind(other);
    }

    private void tcpStates(Numbers test) {
        if (test.isEmpty()) {
            return;
        }
        code.loadByte(MESSAGE_TYPE).jumpIfEqual(IPCTNL_MSG_CT_DELETE, accept);
        loadProtocol(accept);
        code.jumpUnlessEqual(Protocol.TCP, accept);
        find(accept, CTA_PROTOINFO, CTA_PROTOINFO_TCP, CTA_PROTOINFO_TCP_STATE);
        code.copyToIndex().loadByteAtIndex(VALUE);
        numbers(test);
    }
}
