// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
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

    private final long[] tcp;
    private final long[] sctp;
    private final long[] dccp;
    private final long[] udp;
    private final long[] gre;
    private final long icmp;
    private final long icmpv6;
    private final long generic;

    /** Reads them by name; a name this kernel does not have is empty. */
    DefaultTimeouts(Function<String, OptionalLong> sysctl) {
        tcp = read(
                sysctl,
                "tcp_timeout_",
                new String[] {
                    "syn_sent",
                    "syn_sent",
                    "syn_recv",
                    "established",
                    "fin_wait",
                    "close_wait",
                    "last_ack",
                    "time_wait",
                    "close",
                    "syn_sent"
                },
                120,
                120,
                60,
                432_000,
                120,
                60,
                30,
                120,
                10,
                120);
        sctp = read(
                sysctl,
                "sctp_timeout_",
                new String[] {
                    "closed",
                    "closed",
                    "cookie_wait",
                    "cookie_echoed",
                    "established",
                    "shutdown_sent",
                    "shutdown_recd",
                    "shutdown_ack_sent",
                    "heartbeat_sent"
                },
                10,
                10,
                3,
                3,
                210,
                3,
                3,
                3,
                30);
        dccp = read(
                sysctl,
                "dccp_timeout_",
                new String[] {"request", "request", "respond", "partopen", "open", "closereq", "closing", "timewait"},
                240,
                240,
                480,
                480,
                43_200,
                64,
                64,
                240);
        udp = read(sysctl, "udp_timeout", new String[] {"", "_stream"}, 30, 120);
        gre = read(sysctl, "gre_timeout", new String[] {"", "_stream"}, 30, 180);
        icmp = read(sysctl, "icmp_timeout", new String[] {""}, 30)[0];
        icmpv6 = read(sysctl, "icmpv6_timeout", new String[] {""}, 30)[0];
        generic = read(sysctl, "generic_timeout", new String[] {""}, GENERIC)[0];
    }

    /** Those of the calling thread's network namespace. */
    public static DefaultTimeouts read() {
        return new DefaultTimeouts(KernelCheck::sysctl);
    }

    private static long[] read(
            Function<String, OptionalLong> sysctl, String prefix, String[] names, long... otherwise) {
        long[] seconds = otherwise.clone();
        for (int i = 0; i < names.length; i++) {
            seconds[i] = Math.max(
                    1, sysctl.apply("nf_conntrack_" + prefix + names[i]).orElse(otherwise[i]));
        }
        return seconds;
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
