// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepstate.examples.interop.ReferenceFirewall.Software;
import io.keepstate.examples.interop.ReferenceSetup.Variant;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Status;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Expectations of the kernel's FTP helper in the reference setup, between ours and the installed conntrackd: the peer
 * knows them, a takeover commits them behind their masters, and the data connection that was announced through the
 * firewall that is gone goes through the other.
 */
@ExtendWith(LabExtension.class)
class FtpExpectationsInteropIT {
    private static final String HELPER = """
            table inet helpers {
              ct helper ftp { type "ftp" protocol tcp; }
              chain pre { type filter hook prerouting priority filter; tcp dport 21 ct helper set "ftp"; }
            }
            """;
    /** A client's address that is written with as many characters as the public one, 10.15.7.100. */
    private static final String AS_LONG = "172.16.0.10";
    /** One with fewer: where the helper writes the public address it shifts the sequence numbers that follow. */
    private static final String SHORTER = "172.16.0.9";

    private static final Variant WITH_EXPECTATIONS = Variant.NONE.with(
            conf -> conf.replaceFirst("Sync \\{", "Sync {\n    Options {\n        ExpectationSync on\n    }"),
            rules -> rules + HELPER);

    @Test
    void aDataConnectionAnnouncedThroughConntrackdGoesThroughUs(Lab lab) {
        Ftp ftp = new Ftp(lab, Software.C, Software.OURS, AS_LONG);
        ftp.takeOver();
        assertThat(ftp.committed()).hasSize(2);
        ftp.translated.assertDataArrives();
        ftp.plain.assertDataArrives();
        ftp.assertExpected(2);
    }

    /**
     * conntrackd's library loses translation, class and function of an expectation: over IPv4 there is no way back. The
     * announced address is longer than the client's, so the numbers of the control connection are shifted.
     */
    @Test
    void aDataConnectionAnnouncedThroughUsGoesThroughConntrackd(Lab lab) {
        Ftp ftp = new Ftp(lab, Software.OURS, Software.C, SHORTER);
        ftp.takeOver();
        assertThat(ftp.committed()).hasSize(2).allMatch(each -> each.nat() == null);
        ftp.plain.assertDataArrives();
        ftp.assertExpected(1);
    }

    /** A pair with two control connections through its first firewall, on each of which a port was announced. */
    private static final class Ftp {
        final ReferenceSetup setup;
        final FtpDialog translated;
        final FtpDialog plain;

        Ftp(Lab lab, Software first, Software second, String client) {
            assumeHelper(lab);
            setup = new ReferenceSetup(lab, "ftp", first, second, WITH_EXPECTATIONS, WITH_EXPECTATIONS);
            setup.fw1.startService();
            setup.fw2.startService();
            setup.fw1.awaitService();
            setup.fw2.awaitService();
            setup.fw1.becomePrimary();
            setup.fw2.becomeBackup();
            setup.announced();
            if (client.equals(SHORTER)) {
                setup.client.address("eth0", SHORTER + "/24");
            }
            translated = FtpDialog.open(lab, setup, client, "10.15.7.10");
            plain = FtpDialog.open(lab, setup, "2001:db8:16:10::10", "2001:db8:15:7::10");
            assertThat(translated.announced().getAddress().getHostAddress()).isEqualTo("10.15.7.100");
            Lab.eventually(
                    ReferenceFirewall.PATIENCE,
                    () -> expectations(setup.fw1, "-i").size() == 2,
                    "the active node knows both expectations");
            Set<String> agreed = CacheLines.awaitEqual(
                    ReferenceFirewall.PATIENCE,
                    "expectations of the active node and those the peer knows",
                    () -> expectations(setup.fw1, "-i"),
                    () -> expectations(setup.fw2, "-e"));
            assertThat(agreed).allMatch(line -> line.contains("helper=ftp"));
            assertThat(setup.fw2.expectations()).as("not before a takeover").isEmpty();
        }

        void takeOver() {
            setup.fw1.powerOff();
            setup.fw2.becomePrimary();
            setup.announced();
            translated.assertControlAlive();
            plain.assertControlAlive();
        }

        List<Expectation> committed() {
            return setup.fw2.expectations();
        }

        /** So many flows are there that a helper expected, behind the control connections. */
        void assertExpected(int count) {
            List<Flow> flows = setup.fw2.flows().stream()
                    .filter(flow -> (flow.status() & Status.EXPECTED) != 0)
                    .toList();
            assertThat(flows).hasSize(count).allMatch(flow -> flow.master() != null);
            assertThat(flows).anyMatch(flow -> flow.original().family() == Family.IPV6);
        }

        private static Set<String> expectations(ReferenceFirewall of, String which) {
            return of.ask(Software.C, which + " expect")
                    .out()
                    .lines()
                    .map(line -> line.replaceAll(" ?\\[active since \\d+s]", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void assumeHelper(Lab lab) {
        LabNamespace probe = lab.namespace("probe");
        int code = probe.exec("nft", HELPER);
        assumeTrue(code == 0, "this kernel has no FTP helper (nf_conntrack_ftp)");
    }
}
