// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The small programs do what their first sentence says. */
@ExtendWith(LabExtension.class)
class ProgramsKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private LabNamespace here;
    private LabNamespace there;

    @BeforeEach
    void twoHostsOnOneWire(Lab lab) {
        Requires.program("nsenter");
        here = lab.namespace("here");
        there = lab.namespace("there");
        lab.veth(here, "eth0", there, "eth0");
        here.address("eth0", "192.0.2.11/24");
        there.address("eth0", "192.0.2.12/24");
    }

    @Test
    void vrrpElectionHoldsAnAddressAndVrrpAdvertsPrintsWhatItSays() {
        LabProcess adverts = ProgramRun.start(there, VrrpAdverts.class, "eth0");
        LabProcess election = ProgramRun.start(here, VrrpElection.class, "eth0", "51", "100", "192.0.2.1/24");
        Lab.eventually(PATIENCE, () -> election.output().contains("-> ACTIVE"), "elected: " + election.output());
        Lab.eventually(
                PATIENCE,
                () -> adverts.output().contains("192.0.2.11 Advertisement[version=V2, virtualRouterId=51"),
                "heard: " + adverts.output());
        Lab.eventually(PATIENCE, () -> here.run("ip", "address").contains("192.0.2.1/24"), "the address is up");

        election.terminate();
        election.await(PATIENCE);
        assertThat(here.run("ip", "address")).doesNotContain("192.0.2.1/24");
        Lab.eventually(PATIENCE, () -> adverts.output().contains("priority=0"), "resigned");
    }

    @Test
    void whatSyncMessagesPrintsOfANodeCachedFlowsMakesACacheOf(Lab lab) throws Exception {
        lab.veth(here, "eth1", there, "eth1");
        here.address("eth1", "172.16.0.11/24");
        here.sysctl("net.netfilter.nf_conntrack_events", "1");
        LabProcess node = ProgramRun.start(here, EmbeddedNode.class, "192.0.2.11", "192.0.2.12", "100");
        Lab.eventually(PATIENCE, () -> node.output().contains("complete"), "active: " + node.output());
        EstablishedConnection.openIn(here);
        LabProcess messages = ProgramRun.start(there, SyncMessages.class, "192.0.2.12", "192.0.2.11", "3780");
        Lab.eventually(PATIENCE, () -> messages.output().contains("0 000c0000"), "told: " + messages.output());

        String told = messages.output()
                .lines()
                .filter(line -> line.matches("\\d [0-9a-f]+"))
                .reduce("", (all, line) -> all + line + "\n");
        assertThat(cachedFlows(told))
                .contains("tcp      6 ESTABLISHED src=172.16.0.10 dst=10.15.7.1 sport=40000 dport=443 [ASSURED]");
    }

    @Test
    void aProgramThatCannotRunSaysSoInOneLine() {
        for (LabProcess each : List.of(
                ProgramRun.start(here, VrrpAdverts.class, "eth7"),
                ProgramRun.start(here, VrrpElection.class, "eth7", "51", "100", "192.0.2.1/24"),
                ProgramRun.start(here, SyncMessages.class, "192.0.2.99", "192.0.2.12", "3780"))) {
            assertThat(each.await(PATIENCE)).isEqualTo(1);
            assertThat(each.output()).doesNotContain("\tat ").containsAnyOf("eth7", "192.0.2.99");
        }
    }

    private static String cachedFlows(String messages) throws Exception {
        InputStream in = System.in;
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(messages.getBytes(StandardCharsets.US_ASCII)));
            System.setOut(new PrintStream(printed, true, StandardCharsets.US_ASCII));
            CachedFlows.main(new String[0]);
        } finally {
            System.setIn(in);
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.US_ASCII);
    }
}
