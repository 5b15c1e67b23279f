// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How long this kernel keeps a flow of a protocol and state after its last packet: what a flow gets whose own timeout
 * nobody told. A create without a timeout is EINVAL.
 *
 * <p>From the sysctls net.netfilter.nf_conntrack_*_timeout* of one network namespace, read once; where the kernel has
 * no such sysctl, what its source says. Immutable.
 */
public final class DefaultTimeouts {
    private static final long GENERIC = 600;

    /** enum tcp_conntrack, from TCP_CONNTRACK_NONE to TCP_CONNTRACK_SYN_SENT2. */
    private static final List<Timeout> TCP = List.of(
            new Timeout("syn_sent", 120),
            new Timeout("syn_sent", 120),
            new Timeout("syn_recv", 60),
            new Timeout("established", 432_000),
            new Timeout("fin_wait", 120),
            new Timeout("close_wait", 60),
            new Timeout("last_ack", 30),
            new Timeout("time_wait", 120),
            new Timeout("close", 10),
            new Timeout("syn_sent", 120));

    /** enum sctp_conntrack, from SCTP_CONNTRACK_NONE to SCTP_CONNTRACK_HEARTBEAT_SENT. */
    private static final List<Timeout> SCTP = List.of(
            new Timeout("closed", 10),
            new Timeout("closed", 10),
            new Timeout("cookie_wait", 3),
            new Timeout("cookie_echoed", 3),
            new Timeout("established", 210),
            new Timeout("shutdown_sent", 3),
            new Timeout("shutdown_recd", 3),
            new Timeout("shutdown_ack_sent", 3),
            new Timeout("heartbeat_sent", 30));

    /** enum ct_dccp_states, from CT_DCCP_NONE to CT_DCCP_TIMEWAIT. */
    private static final List<Timeout> DCCP = List.of(
            new Timeout("request", 240),
            new Timeout("request", 240),
            new Timeout("respond", 480),
            new Timeout("partopen", 480),
            new Timeout("open", 43_200),
            new Timeout("closereq", 64),
            new Timeout("closing", 64),
            new Timeout("timewait", 240));

    private static final List<Timeout> UDP = List.of(new Timeout("", 30), new Timeout("_stream", 120));
    private static final List<Timeout> GRE = List.of(new Timeout("", 30), new Timeout("_stream", 180));

    private final long[] tcp;
    private final long[] sctp;
    private final long[] dccp;
    private final long[] udp;
    private final long[] gre;
    private final long icmp;
    private final long icmpv6;
    private final long generic;

    /**
     * The timeout of one state.
     *
     * @param sysctl the end of its name
     * @param seconds what the kernel's source has for it
     */
    private record Timeout(String sysctl, long seconds) {}

    /** Reads them by name; a name this kernel does not have is empty. */
    DefaultTimeouts(Function<String, OptionalLong> sysctls) {
        tcp = read(sysctls, "tcp_timeout_", TCP);
        sctp = read(sysctls, "sctp_timeout_", SCTP);
        dccp = read(sysctls, "dccp_timeout_", DCCP);
        udp = read(sysctls, "udp_timeout", UDP);
        gre = read(sysctls, "gre_timeout", GRE);
        icmp = read(sysctls, "icmp_timeout", new Timeout("", 30));
        icmpv6 = read(sysctls, "icmpv6_timeout", new Timeout("", 30));
        generic = read(sysctls, "generic_timeout", new Timeout("", GENERIC));
    }

    private static long[] read(Function<String, OptionalLong> sysctls, String prefix, List<Timeout> states) {
        return states.stream().mapToLong(state -> read(sysctls, prefix, state)).toArray();
    }

    private static long read(Function<String, OptionalLong> sysctls, String prefix, Timeout state) {
        return Math.max(
                1, sysctls.apply("nf_conntrack_" + prefix + state.sysctl()).orElse(state.seconds()));
    }

    /** Those of the calling thread's network namespace. */
    public static DefaultTimeouts read() {
        return new DefaultTimeouts(KernelCheck::sysctl);
    }

    /** Seconds, 1 or more, whatever the flow says. */
    public long seconds(Flow flow) {
        return switch (flow.original().protocol()) {
            case Protocol.TCP -> byState(tcp, flow, Attribute.TCP_STATE);
            case Protocol.SCTP -> byState(sctp, flow, Attribute.SCTP_STATE);
            case Protocol.DCCP -> byState(dccp, flow, Attribute.DCCP_STATE);
            case Protocol.UDP, Protocol.UDPLITE -> udp[stream(flow)];
            case Protocol.GRE -> gre[stream(flow)];
            case Protocol.ICMP -> icmp;
            case Protocol.ICMPV6 -> icmpv6;
            default -> generic;
        };
    }

    /** The flow's own timeout, or the protocol's if it was not told or is 0. */
    public long secondsFor(Flow flow) {
        return flow.timeoutSeconds() > 0 ? flow.timeoutSeconds() : seconds(flow);
    }

    private static long byState(long[] seconds, Flow flow, Attribute state) {
        long number = flow.get(state);
        return number >= 0 && number < seconds.length ? seconds[(int) number] : GENERIC;
    }

    /** The kernel calls a flow a stream when both sides have spoken for a while. */
    private static int stream(Flow flow) {
        return (flow.status() & Status.ASSURED) != 0 ? 1 : 0;
    }
}
