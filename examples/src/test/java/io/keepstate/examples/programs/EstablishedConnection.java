// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.LabNamespace;

/** One TCP connection through a firewall of the lab: 172.16.0.10 port 40000 to 10.15.7.1 port 443. */
final class EstablishedConnection {
    private static final Tuple TUPLE = Tuple.ipv4(0xac10000a, 0x0a0f0701, Protocol.TCP, 40_000, 443);
    private static final long LIFETIME_SECONDS = 3600;

    private EstablishedConnection() {}

    /** Makes it in this firewall's kernel. */
    static void openIn(LabNamespace firewall) throws Exception {
        Flow flow = Flow.builder(TUPLE)
                .reply(TUPLE.inverted())
                .status(Status.ASSURED | Status.SEEN_REPLY | Status.CONFIRMED)
                .tcpState(TcpState.ESTABLISHED)
                .timeoutSeconds(LIFETIME_SECONDS)
                .build();
        firewall.call(() -> {
            try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS)) {
                return conntrack.create(flow, (int) LIFETIME_SECONDS);
            }
        });
    }

    /** Whether this firewall's kernel knows it. */
    static boolean isIn(LabNamespace firewall) throws Exception {
        return firewall.call(() -> {
            try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS)) {
                return conntrack.dumpAll(DumpFilter.ALL).stream()
                        .anyMatch(flow -> flow.original().equals(TUPLE));
            }
        });
    }
}
