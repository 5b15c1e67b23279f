// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import io.keepstate.flow.wire.WireProfile;

/** What the sync messages of conntrackd's releases cannot say, written down a second time for the properties. */
final class WireTruth {
    private static final int SNAT_IPV6 = 29;
    private static final int SYNPROXY = 31;
    private static final int ZONE = 32;

    private WireTruth() {}

    static boolean isUntruthful(Flow flow, WireProfile profile) {
        Tuple original = flow.original();
        Tuple reply = flow.reply();
        boolean identity = switch (original.protocol()) {
            case Protocol.GRE, Protocol.UDPLITE -> original.sourceId() != 0 || original.destinationId() != 0;
            case Protocol.ICMP, Protocol.ICMPV6 -> reply.icmpId() != original.icmpId();
            default -> false;
        };
        boolean directional = flow.has(Attribute.ZONE_ORIGINAL) || flow.has(Attribute.ZONE_REPLY);
        boolean zone = flow.zone() != 0 && profile.highestAttribute() < ZONE;
        SynProxy none = new SynProxy(0, 0, 0);
        boolean proxy =
                flow.synProxy() != null && !flow.synProxy().equals(none) && profile.highestAttribute() < SYNPROXY;
        boolean ipv6 = original.family() == Family.IPV6
                && profile.highestAttribute() < SNAT_IPV6
                && ((isDone(flow, Status.SRC_NAT_DONE) && !reply.destination().equals(original.source()))
                        || (isDone(flow, Status.DST_NAT_DONE) && !reply.source().equals(original.destination())));
        return identity || directional || zone || proxy || ipv6;
    }

    /** Translation counts where the status says that it was set up, or says nothing. */
    static boolean isDone(Flow flow, int bit) {
        return !flow.has(Attribute.STATUS) || (flow.status() & bit) != 0;
    }

    /** A master is told by its ports alone. */
    static boolean losesIdentity(Tuple master) {
        return !Protocol.hasPorts(master.protocol()) && (master.sourceId() != 0 || master.destinationId() != 0);
    }

    static boolean isUntruthful(Expectation expectation) {
        Tuple expected = expectation.expected();
        Tuple master = expectation.master();
        ExpectationNat nat = expectation.nat();
        boolean portsTravel = Protocol.hasPorts(master.protocol()) && master.protocol() != Protocol.UDPLITE;
        boolean identity = Protocol.isIcmp(expected.protocol())
                || (!portsTravel
                        && (Protocol.hasPorts(expected.protocol())
                                || expected.protocol() == Protocol.GRE
                                || master.sourceId() != 0
                                || master.destinationId() != 0
                                || (nat != null
                                        && (nat.tuple().sourceId() != 0
                                                || nat.tuple().destinationId() != 0))));
        boolean ipv6 = nat != null && expected.family() == Family.IPV6;
        String function = expectation.function();
        boolean longFunction = function != null && function.length() > 27;
        return expectation.zone() != 0 || identity || ipv6 || longFunction;
    }
}
