// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A routing policy rule that a router holds while it is active (keepalived: virtual_rules). What is empty does not matter for
 * a packet. Make one with {@link #builder}.
 *
 * @param family the family it is for
 * @param inverted whether packets are meant that do not match
 * @param from network of the source
 * @param to network of the destination
 * @param tos type of service
 * @param firewallMark mark set by the firewall, 0 to 4294967295
 * @param firewallMask bits of the mark that count
 * @param incomingInterface interface it came by; {@code lo} for packets of this host
 * @param outgoingInterface interface a local socket is bound to
 * @param action what happens to it
 * @param target the table of {@link Action#LOOKUP}, the priority of {@link Action#GOTO}; else 0
 * @param priority place among the rules, lower first; empty lets the kernel put it before all but rule 0
 * @param suppressPrefixLength ignore what the lookup finds if its prefix is not longer
 * @param suppressGroup ignore what the lookup finds if its interface is of this group
 * @param tunnelId id of the tunnel it came by
 * @param realms realm of the destination, with that of the source in the upper 16 bits (IPv4)
 * @param layer3Master use the table of the packet's VRF
 * @param userIds range of user ids of local sockets
 * @param ipProtocol number of the transport protocol
 * @param sourcePorts range of source ports
 * @param destinationPorts range of destination ports
 * @param protocol who set it; empty for 18, keepalived's number
 * @param tracked whether its loss while active is a loss of the role (false: {@code no_track})
 */
public record VirtualRule(
        AddressFamily family,
        boolean inverted,
        Optional<IpPrefix> from,
        Optional<IpPrefix> to,
        OptionalInt tos,
        OptionalLong firewallMark,
        OptionalLong firewallMask,
        Optional<String> incomingInterface,
        Optional<String> outgoingInterface,
        Action action,
        long target,
        OptionalLong priority,
        OptionalInt suppressPrefixLength,
        OptionalLong suppressGroup,
        OptionalLong tunnelId,
        OptionalLong realms,
        boolean layer3Master,
        Optional<Range> userIds,
        OptionalInt ipProtocol,
        Optional<Range> sourcePorts,
        Optional<Range> destinationPorts,
        OptionalInt protocol,
        boolean tracked) {

    /** What a rule does; numbers are FR_ACT_ of {@code include/uapi/linux/fib_rules.h}. */
    public enum Action {
        /** Looks the destination up in a table. */
        LOOKUP(1),
        /** Goes on at another rule. */
        GOTO(2),
        NOP(3),
        BLACKHOLE(6),
        UNREACHABLE(7),
        PROHIBIT(8);

        private final int number;

        Action(int number) {
            this.number = number;
        }

        /** Its FR_ACT_ number. */
        public int number() {
            return number;
        }
    }

    /**
     * Numbers from one to another, both included.
     *
     * @param first the smallest, at least 0
     * @param last the greatest
     */
    public record Range(long first, long last) {
        /** Refuses an empty range. */
        public Range {
            if (first < 0 || last < first || last > 0xffff_ffffL) {
                throw new IllegalArgumentException("range " + first + "-" + last + " is empty or not of 32 bits");
            }
        }

        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + "-" + last;
        }
    }

    /** Refuses what the kernel would, with a sentence. */
    public VirtualRule {
        String who = "virtual rule: ";
        check(from.isEmpty() || from.get().family() == family, who + "'from' is not of the rule's family");
        check(to.isEmpty() || to.get().family() == family, who + "'to' is not of the rule's family");
        check(action != Action.LOOKUP || target > 0 || layer3Master, who + "'lookup' needs a table, 1 to 4294967295");
        check(
                action != Action.GOTO || (priority.isPresent() && target > priority.getAsLong()),
                who + "'goto' needs a priority of its own and one behind that to go to");
        check(firewallMask.isEmpty() || firewallMark.isPresent(), who + "a mask needs its fwmark");
        check(!layer3Master || target == 0, who + "l3mdev looks up the table of the VRF; remove l3mdev, or the table");
        check(!layer3Master || action == Action.LOOKUP, who + "l3mdev looks a route up; take the action away");
    }

    /** Starts a rule that looks up a table. */
    public static Builder builder(AddressFamily family) {
        return new Builder(family);
    }

    /** As ip-rule(8) writes it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(inverted ? "not " : "");
        text.append("from ").append(from.map(IpPrefix::toString).orElse("all"));
        to.ifPresent(it -> text.append(" to ").append(it));
        firewallMark.ifPresent(it -> text.append(" fwmark 0x").append(Long.toHexString(it)));
        incomingInterface.ifPresent(it -> text.append(" iif ").append(it));
        outgoingInterface.ifPresent(it -> text.append(" oif ").append(it));
        text.append(' ').append(layer3Master ? "l3mdev" : action.name().toLowerCase(Locale.ROOT));
        if (!layer3Master && (action == Action.LOOKUP || action == Action.GOTO)) {
            text.append(' ').append(target);
        }
        priority.ifPresent(it -> text.append(" priority ").append(it));
        return text.toString();
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }

    /** Collects a rule; {@link #build} checks it as a whole. */
    public static final class Builder {
        private final AddressFamily family;
        private boolean inverted;
        private Optional<IpPrefix> from = Optional.empty();
        private Optional<IpPrefix> to = Optional.empty();
        private OptionalInt tos = OptionalInt.empty();
        private OptionalLong firewallMark = OptionalLong.empty();
        private OptionalLong firewallMask = OptionalLong.empty();
        private Optional<String> incomingInterface = Optional.empty();
        private Optional<String> outgoingInterface = Optional.empty();
        private Action action = Action.LOOKUP;
        private long target;
        private OptionalLong priority = OptionalLong.empty();
        private OptionalInt suppressPrefixLength = OptionalInt.empty();
        private OptionalLong suppressGroup = OptionalLong.empty();
        private OptionalLong tunnelId = OptionalLong.empty();
        private OptionalLong realms = OptionalLong.empty();
        private boolean layer3Master;
        private Optional<Range> userIds = Optional.empty();
        private OptionalInt ipProtocol = OptionalInt.empty();
        private Optional<Range> sourcePorts = Optional.empty();
        private Optional<Range> destinationPorts = Optional.empty();
        private OptionalInt protocol = OptionalInt.empty();
        private boolean tracked = true;

        private Builder(AddressFamily family) {
            this.family = family;
        }

        /** Means the packets that do not match. */
        public Builder inverted(boolean value) {
            inverted = value;
            return this;
        }

        /** Network of the source. */
        public Builder from(IpPrefix value) {
            from = Optional.of(value);
            return this;
        }

        /** Network of the destination. */
        public Builder to(IpPrefix value) {
            to = Optional.of(value);
            return this;
        }

        /** Type of service. */
        public Builder tos(int value) {
            tos = OptionalInt.of(value);
            return this;
        }

        /** Firewall mark. */
        public Builder firewallMark(long value) {
            firewallMark = OptionalLong.of(value);
            return this;
        }

        /** Bits of the mark that count. */
        public Builder firewallMask(long value) {
            firewallMask = OptionalLong.of(value);
            return this;
        }

        /** Interface it came by. */
        public Builder incomingInterface(String value) {
            incomingInterface = Optional.of(value);
            return this;
        }

        /** Interface a local socket is bound to. */
        public Builder outgoingInterface(String value) {
            outgoingInterface = Optional.of(value);
            return this;
        }

        /** Looks up this table. */
        public Builder table(long value) {
            action = Action.LOOKUP;
            target = value;
            return this;
        }

        /** Goes on at the rule of this priority. */
        public Builder jumpTo(long value) {
            action = Action.GOTO;
            target = value;
            return this;
        }

        /** An action without a target. */
        public Builder action(Action value) {
            action = value;
            return this;
        }

        /** Place among the rules. */
        public Builder priority(long value) {
            priority = OptionalLong.of(value);
            return this;
        }

        /** Ignores short prefixes. */
        public Builder suppressPrefixLength(int value) {
            suppressPrefixLength = OptionalInt.of(value);
            return this;
        }

        /** Ignores routes by interfaces of a group. */
        public Builder suppressGroup(long value) {
            suppressGroup = OptionalLong.of(value);
            return this;
        }

        /** Tunnel id. */
        public Builder tunnelId(long value) {
            tunnelId = OptionalLong.of(value);
            return this;
        }

        /** Realms: source in the upper, destination in the lower 16 bits. */
        public Builder realms(long value) {
            realms = OptionalLong.of(value);
            return this;
        }

        /** Uses the table of the packet's VRF. */
        public Builder layer3Master(boolean value) {
            layer3Master = value;
            return this;
        }

        /** User ids. */
        public Builder userIds(Range value) {
            userIds = Optional.of(value);
            return this;
        }

        /** Transport protocol. */
        public Builder ipProtocol(int value) {
            ipProtocol = OptionalInt.of(value);
            return this;
        }

        /** Source ports. */
        public Builder sourcePorts(Range value) {
            sourcePorts = Optional.of(value);
            return this;
        }

        /** Destination ports. */
        public Builder destinationPorts(Range value) {
            destinationPorts = Optional.of(value);
            return this;
        }

        /** Who set it. */
        public Builder protocol(int value) {
            protocol = OptionalInt.of(value);
            return this;
        }

        /** False for {@code no_track}. */
        public Builder tracked(boolean value) {
            tracked = value;
            return this;
        }

        /**
         * The rule.
         *
         * @throws IllegalArgumentException if it cannot work, with what and why
         */
        public VirtualRule build() {
            return new VirtualRule(
                    family,
                    inverted,
                    from,
                    to,
                    tos,
                    firewallMark,
                    firewallMask,
                    incomingInterface,
                    outgoingInterface,
                    action,
                    target,
                    priority,
                    suppressPrefixLength,
                    suppressGroup,
                    tunnelId,
                    realms,
                    layer3Master,
                    userIds,
                    ipProtocol,
                    sourcePorts,
                    destinationPorts,
                    protocol,
                    tracked);
        }
    }
}
