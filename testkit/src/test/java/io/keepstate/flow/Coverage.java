// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import net.jqwik.api.statistics.Statistics;

/** Asserts that a property met what it is about: each part of a value there, and not there. */
public final class Coverage {
    private static final double SOME = 0.5;

    private Coverage() {}

    /** In at least so many of a hundred tries this was so, and in as many it was not. */
    public static void of(String label, boolean present, double percent) {
        Statistics.label(label).collect(present).coverage(coverage -> {
            coverage.check(true).percentage(p -> p >= percent);
            coverage.check(false).percentage(p -> p >= percent);
        });
    }

    /** Every part of a flow. */
    public static void ofAll(Flow flow) {
        for (Attribute attribute : Attribute.values()) {
            of(attribute.name(), flow.has(attribute), SOME);
        }
        of("IPv4", flow.original().family() == Family.IPV4, 20);
        of("translated", !flow.original().inverted().equals(flow.reply()), 20);
        of("master", flow.master() != null, SOME);
        of("sequence adjustment", flow.originalAdjustment() != null, SOME);
        of("SYN proxy", flow.synProxy() != null, SOME);
        of("counters", flow.originalCounters() != null, SOME);
        of("helper", flow.helper() != null, SOME);
        of("security context", flow.securityContext() != null, SOME);
        of("labels", flow.labelWords() > 0, SOME);
        int protocol = flow.original().protocol();
        for (int each : new int[] {
            Protocol.TCP,
            Protocol.UDP,
            Protocol.UDPLITE,
            Protocol.SCTP,
            Protocol.DCCP,
            Protocol.ICMP,
            Protocol.ICMPV6,
            Protocol.GRE
        }) {
            of("protocol " + each, protocol == each, SOME);
        }
    }

    /** Every part of an expectation. */
    public static void ofAll(Expectation expectation) {
        for (ExpectationAttribute attribute : ExpectationAttribute.values()) {
            of(attribute.name(), expectation.has(attribute), SOME);
        }
        of("IPv4", expectation.expected().family() == Family.IPV4, 20);
        of("translated", expectation.nat() != null, SOME);
        of("helper", expectation.helper() != null, SOME);
        of("function", expectation.function() != null, SOME);
        of("exact mask", expectation.mask().equals(Expectation.exactMask(expectation.expected())), SOME);
        of("GRE", expectation.expected().protocol() == Protocol.GRE, SOME);
    }
}
