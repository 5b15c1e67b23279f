// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.socket.IpFamily;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * A routing policy rule: which packets, and what happens to them; immutable, made by {@link #builder}. Rules that are made
 * by the same calls are equal.
 *
 * <p>It holds the octets of its request, {@code struct fib_rule_hdr} and the attributes of
 * {@code include/uapi/linux/fib_rules.h}: a rule is only ever written, never looked into.
 */
public final class RoutingRule {
    /** FR_ACT_TO_TBL. */
    public static final int LOOKUP = 1;
    /** FR_ACT_GOTO. */
    public static final int GOTO = 2;

    private final byte[] body;

    private RoutingRule(byte[] body) {
        this.body = body;
    }

    /**
     * Starts a rule.
     *
     * @param action FR_ACT_ number: {@link #LOOKUP}, {@link #GOTO}, 3 nop, 6 blackhole, 7 unreachable, 8 prohibit
     * @param target the table of LOOKUP, the priority of GOTO, else 0
     */
    public static Builder builder(IpFamily family, int action, long target) {
        return new Builder(family, action, target);
    }

    void write(RequestWriter message) {
        message.octets(body).end();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoutingRule rule && Arrays.equals(body, rule.body);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return "rule " + ByteBufUtil.hexDump(body);
    }

    /** Collects a rule; what is not said does not matter for a packet. */
    public static final class Builder {
        private static final int FIB_RULE_INVERT = 2;
        private static final int DESTINATION_LENGTH = 1;
        private static final int SOURCE_LENGTH = 2;
        private static final int TOS = 3;
        private static final int FLAGS = 8;

        private static final int FRA_DST = 1;
        private static final int FRA_SRC = 2;
        private static final int FRA_IIFNAME = 3;
        private static final int FRA_GOTO = 4;
        private static final int FRA_PRIORITY = 6;
        private static final int FRA_FWMARK = 10;
        private static final int FRA_FLOW = 11;
        private static final int FRA_TUN_ID = 12;
        private static final int FRA_SUPPRESS_IFGROUP = 13;
        private static final int FRA_SUPPRESS_PREFIXLEN = 14;
        private static final int FRA_TABLE = 15;
        private static final int FRA_FWMASK = 16;
        private static final int FRA_OIFNAME = 17;
        private static final int FRA_L3MDEV = 19;
        private static final int FRA_UID_RANGE = 20;
        private static final int FRA_PROTOCOL = 21;
        private static final int FRA_IP_PROTO = 22;
        private static final int FRA_SPORT_RANGE = 23;
        private static final int FRA_DPORT_RANGE = 24;

        private final ByteBuf out = Unpooled.buffer();
        private final RequestWriter writer = new RequestWriter(out);

        private Builder(IpFamily family, int action, long target) {
            // struct fib_rule_hdr: family, destination and source length, tos, table, 2 reserved, action, flags
            writer.octet(family.number()).octet(0).octet(0).octet(0);
            writer.octet(0).octet(0).octet(0).octet(action).word(0);
            if (action == LOOKUP && target != 0) {
                writer.attribute(FRA_TABLE, (int) target);
            } else if (action == GOTO) {
                writer.attribute(FRA_GOTO, (int) target);
            }
        }

        /** Means the packets that do not match. */
        public Builder inverted() {
            out.setIntLE(FLAGS, FIB_RULE_INVERT);
            return this;
        }

        /** From this network. */
        public Builder from(InetAddress network, int prefixLength) {
            out.setByte(SOURCE_LENGTH, prefixLength);
            if (prefixLength > 0) {
                writer.attribute(FRA_SRC, network);
            }
            return this;
        }

        /** To this network. */
        public Builder to(InetAddress network, int prefixLength) {
            out.setByte(DESTINATION_LENGTH, prefixLength);
            if (prefixLength > 0) {
                writer.attribute(FRA_DST, network);
            }
            return this;
        }

        public Builder tos(int value) {
            out.setByte(TOS, value);
            return this;
        }

        /** With this mark of the firewall in the bits of the mask. */
        public Builder firewallMark(long mark, long mask) {
            writer.attribute(FRA_FWMARK, (int) mark).attribute(FRA_FWMASK, (int) mask);
            return this;
        }

        public Builder incomingInterface(String name) {
            writer.attribute(FRA_IIFNAME, name);
            return this;
        }

        public Builder outgoingInterface(String name) {
            writer.attribute(FRA_OIFNAME, name);
            return this;
        }

        /** Place among the rules, lower first. */
        public Builder priority(long value) {
            writer.attribute(FRA_PRIORITY, (int) value);
            return this;
        }

        public Builder suppressPrefixLength(int value) {
            writer.attribute(FRA_SUPPRESS_PREFIXLEN, value);
            return this;
        }

        public Builder suppressGroup(long value) {
            writer.attribute(FRA_SUPPRESS_IFGROUP, (int) value);
            return this;
        }

        public Builder tunnelId(long value) {
            writer.attributeNetworkLong(FRA_TUN_ID, value);
            return this;
        }

        /** Realms: that of the source in the upper 16 bits. */
        public Builder realms(long value) {
            writer.attribute(FRA_FLOW, (int) value);
            return this;
        }

        /** Uses the table of the packet's VRF. */
        public Builder layer3Master() {
            writer.attributeOctet(FRA_L3MDEV, 1);
            return this;
        }

        public Builder userIds(long first, long last) {
            int at = writer.openPlain(FRA_UID_RANGE);
            writer.word((int) first).word((int) last).close(at);
            return this;
        }

        /** Number of the transport protocol. */
        public Builder ipProtocol(int value) {
            writer.attributeOctet(FRA_IP_PROTO, value);
            return this;
        }

        public Builder sourcePorts(int first, int last) {
            writer.attribute(FRA_SPORT_RANGE, first | last << 16);
            return this;
        }

        public Builder destinationPorts(int first, int last) {
            writer.attribute(FRA_DPORT_RANGE, first | last << 16);
            return this;
        }

        /** Who set it, such as {@link Route#PROTOCOL_VRRP}. */
        public Builder protocol(int value) {
            writer.attributeOctet(FRA_PROTOCOL, value);
            return this;
        }

        public RoutingRule build() {
            return new RoutingRule(ByteBufUtil.getBytes(out));
        }
    }
}
