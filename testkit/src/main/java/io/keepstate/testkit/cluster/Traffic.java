// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What clients do through the active firewall: connections open, move through their states, and close. */
public final class Traffic {
    private static final int CLIENT_NET = 0xac10_0000;
    private static final int SERVER = 0x0a0f_0701;
    private static final int SEEN = Status.SEEN_REPLY | Status.CONFIRMED;

    private final RandomGenerator random;
    private final List<FlowKey> open = new ArrayList<>();
    private int number;

    /** No connections yet. */
    public Traffic(RandomGenerator random) {
        this.random = random;
    }

    /** Lets one thing happen in this kernel: half of the time a new connection, else a change or an end. */
    public void step(SimulatedKernel kernel) {
        open.removeIf(key -> !kernel.holds(key));
        int choice = random.nextInt(10);
        if (choice < 5 || open.isEmpty()) {
            open(kernel);
        } else if (choice < 8) {
            FlowKey key = open.get(random.nextInt(open.size()));
            kernel.change(flow(key.original(), TcpState.ESTABLISHED, SEEN | Status.ASSURED));
        } else {
            kernel.close(open.remove(random.nextInt(open.size())));
        }
    }

    private void open(SimulatedKernel kernel) {
        number++;
        int client = CLIENT_NET + 1 + (number >>> 14);
        Tuple tuple = Tuple.ipv4(client, SERVER, Protocol.TCP, 1024 + (number & 0x3fff), 80);
        Flow flow = flow(tuple, TcpState.SYN_SENT, Status.CONFIRMED);
        kernel.open(flow);
        open.add(flow.key());
    }

    private static Flow flow(Tuple tuple, int state, int status) {
        return Flow.builder(tuple)
                .reply(tuple.inverted())
                .status(status)
                .tcpState(state)
                .timeoutSeconds(300)
                .build();
    }
}
