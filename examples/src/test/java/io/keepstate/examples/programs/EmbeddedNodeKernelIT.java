// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Embedding a node needs nothing but LinuxNode and configuration values. */
@ExtendWith(LabExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class EmbeddedNodeKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Test
    void aSmallProgramTakesOverFromTheOneThatWasKilled(Lab lab) throws Exception {
        Requires.program("nsenter");
        LabNamespace wires = lab.namespace("wires");
        LabNamespace first = firewall(lab, wires, 1);
        LabNamespace second = firewall(lab, wires, 2);
        wires.bridge("wan", "w1", "w2");
        wires.bridge("lan", "l1", "l2");
        lab.veth(first, "eth2", second, "eth2");
        first.address("eth2", "10.0.0.1/24");
        second.address("eth2", "10.0.0.2/24");

        LabProcess active = ProgramRun.start(first, EmbeddedNode.class, "10.0.0.1", "10.0.0.2", "100");
        Lab.eventually(
                PATIENCE, () -> active.output().contains("takeover of firewall: complete"), "the first is active");
        LabProcess standby = ProgramRun.start(second, EmbeddedNode.class, "10.0.0.2", "10.0.0.1", "50");
        Lab.eventually(PATIENCE, () -> standby.output().contains("peer connected"), "the second hears the first");
        EstablishedConnection.openIn(first);
        Lab.eventually(PATIENCE, () -> standby.output().contains("preemption allowed"), "the second is in sync");

        first.close();
        Lab.eventually(
                PATIENCE, () -> standby.output().contains("takeover of firewall: complete"), "the second took over");

        assertThat(standby.output()).contains("takeover of firewall: committed 1 flows, 0 refused");
        assertThat(EstablishedConnection.isIn(second)).isTrue();
        assertThat(second.run("ip", "-4", "address", "show")).contains("10.15.7.100/24", "172.16.0.100/24");
        standby.terminate();
        standby.await(PATIENCE);
        assertThat(second.run("ip", "-4", "address", "show")).doesNotContain("10.15.7.100/24");
    }

    private static LabNamespace firewall(Lab lab, LabNamespace wires, int number) {
        LabNamespace firewall = lab.namespace("fw" + number);
        lab.veth(firewall, "eth0", wires, "w" + number);
        lab.veth(firewall, "eth1", wires, "l" + number);
        firewall.address("eth0", "10.15.7.10" + number + "/24");
        firewall.address("eth1", "172.16.0.10" + number + "/24");
        firewall.sysctl("net.netfilter.nf_conntrack_events", "1");
        return firewall;
    }
}
