// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.text.SaveLine;
import io.keepstate.testkit.arbitraries.FlowArbitraries;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** What {@code -o save} prints of a flow, and what {@code -R} makes of that line, is the same flow. */
class SaveLinePropertyTest {
    private static final int SAVED_STATUS = Status.SEEN_REPLY
            | Status.ASSURED
            | Status.FIXED_TIMEOUT
            | Status.EXPECTED
            | Status.OFFLOAD
            | Status.HW_OFFLOAD;
    private static final Attribute[] SAVED = {
        Attribute.TIMEOUT,
        Attribute.ZONE,
        Attribute.ZONE_ORIGINAL,
        Attribute.ZONE_REPLY,
        Attribute.TCP_STATE,
        Attribute.SCTP_STATE,
        Attribute.SCTP_VTAG_ORIGINAL,
        Attribute.SCTP_VTAG_REPLY,
        Attribute.DCCP_STATE,
        Attribute.DCCP_ROLE
    };

    @Provide
    Arbitrary<Flow> flows() {
        return FlowArbitraries.flows();
    }

    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aSavedFlowIsLoadedAsItWas(@ForAll("flows") Flow flow) {
        StringBuilder line = new StringBuilder();
        SaveLine.append(line, flow, "-A");
        List<String> missing = requiredButAbsent(flow);
        cover(flow, missing.isEmpty());
        if (!missing.isEmpty()) {
            assertThatThrownBy(() -> parse(line.toString()))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("You need to supply the `--" + missing.get(0) + "' option for this command");
            return;
        }
        Arguments read = parse(line.toString());
        assertThat(FlowTemplate.isWhole(read)).isTrue();
        assertThat(loaded(FlowTemplate.created(read))).isEqualTo(saved(flow));
    }

    private static Arguments parse(String line) {
        return ArgumentParser.parse(LoadFile.words(line), System.err);
    }

    /** What the command wants of every flow, and the kernel always tells. */
    private static List<String> requiredButAbsent(Flow flow) {
        List<String> missing = new ArrayList<>();
        require(missing, flow, Attribute.TIMEOUT, "timeout");
        switch (flow.original().protocol()) {
            case Protocol.TCP -> require(missing, flow, Attribute.TCP_STATE, "state");
            case Protocol.SCTP -> {
                require(missing, flow, Attribute.SCTP_STATE, "state");
                require(missing, flow, Attribute.SCTP_VTAG_ORIGINAL, "orig-vtag");
                require(missing, flow, Attribute.SCTP_VTAG_REPLY, "reply-vtag");
            }
            case Protocol.DCCP -> {
                require(missing, flow, Attribute.DCCP_STATE, "state");
                require(missing, flow, Attribute.DCCP_ROLE, "role");
            }
            default -> {
                // nothing more
            }
        }
        return missing;
    }

    private static void require(List<String> missing, Flow flow, Attribute attribute, String option) {
        if (!flow.has(attribute)) {
            missing.add(option);
        }
    }

    private static Flow saved(Flow flow) {
        FlowBuilder out = Flow.builder(flow.original()).reply(withIdsOf(flow.original(), flow.reply()));
        for (Attribute attribute : SAVED) {
            if (flow.has(attribute)) {
                out.set(attribute, flow.get(attribute));
            }
        }
        if (flow.mark() != 0) {
            out.mark(flow.mark());
        }
        return out.status(flow.status() & SAVED_STATUS).build();
    }

    /** Of ICMP the line names type, code and id of the request alone. */
    private static @Nullable Tuple withIdsOf(Tuple original, @Nullable Tuple reply) {
        if (reply == null || !Protocol.isIcmp(original.protocol())) {
            return reply;
        }
        Tuple answer = original.inverted();
        return tuple(reply.source(), reply.destination(), answer);
    }

    private static Tuple tuple(IpAddress source, IpAddress destination, Tuple ids) {
        return new Tuple(
                ids.family(),
                source.high(),
                source.low(),
                destination.high(),
                destination.low(),
                ids.protocol(),
                ids.sourceId(),
                ids.destinationId());
    }

    /** The kernel makes the reply tuple of a translation: that it is asked for says the same as its address. */
    private static Flow loaded(Flow template) {
        Tuple reply = template.reply();
        assertThat(reply).isNotNull();
        IpAddress source = translated(template.destinationNat(), reply.source());
        IpAddress destination = translated(template.sourceNat(), reply.destination());
        return template.toBuilder()
                .reply(tuple(source, destination, reply))
                .sourceNat(null)
                .destinationNat(null)
                .build();
    }

    private static IpAddress translated(@Nullable NatTarget nat, IpAddress otherwise) {
        return nat == null || nat.address() == null ? otherwise : nat.address();
    }

    private static void cover(Flow flow, boolean loadable) {
        for (Attribute attribute : SAVED) {
            both(attribute.name(), flow.has(attribute));
        }
        both("loadable", loadable);
        both("mark", flow.mark() != 0);
        both("status", flow.has(Attribute.STATUS));
        both("IPv6", flow.original().family().addressOctets() == 16);
        both("source translated", (flow.status() & Status.SRC_NAT) != 0);
        both("destination translated", (flow.status() & Status.DST_NAT) != 0);
        both("ICMP", Protocol.isIcmp(flow.original().protocol()));
        both("GRE", flow.original().protocol() == Protocol.GRE);
    }

    private static void both(String label, boolean present) {
        Statistics.label(label).collect(present).coverage(coverage -> {
            coverage.check(true).percentage(p -> p >= 0.5);
            coverage.check(false).percentage(p -> p >= 0.5);
        });
    }
}
