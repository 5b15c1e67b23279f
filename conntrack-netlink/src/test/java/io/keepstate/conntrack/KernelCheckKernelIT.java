// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class KernelCheckKernelIT {
    private static List<Finding.Subject> subjects(LabNamespace fw, long flows) {
        return fw.get(() -> KernelCheck.run(flows)).stream()
                .map(Finding::subject)
                .toList();
    }

    @Test
    void aMissingNatChainIsFoundAndAnExistingOneIsNot(Lab lab) {
        LabNamespace fw = lab.namespace("fw");
        assertThat(subjects(fw, 1000)).contains(Finding.Subject.NAT_HOOK);
        fw.nft("table inet t { chain c { type filter hook input priority 0; }\n}");
        assertThat(subjects(fw, 1000)).contains(Finding.Subject.NAT_HOOK);
        fw.nft("table ip nat { chain post { type nat hook postrouting priority srcnat; }\n}");
        assertThat(subjects(fw, 1000)).doesNotContain(Finding.Subject.NAT_HOOK);
    }

    @Test
    void tooFewBucketsForTheExpectedFlowsAreFound(Lab lab) {
        LabNamespace fw = lab.namespace("fw");
        assertThat(subjects(fw, 1)).doesNotContain(Finding.Subject.BUCKETS);
        assertThat(subjects(fw, 1L << 40)).contains(Finding.Subject.BUCKETS, Finding.Subject.MAXIMUM);
        String buckets = fw.sysctl("net.netfilter.nf_conntrack_buckets");
        assertThat(fw.get(() -> KernelCheck.run(1L << 40)))
                .extracting(Finding::message)
                .anySatisfy(message -> assertThat(message).contains("nf_conntrack_buckets is " + buckets + " for"));
    }

    @Test
    void aKernelThatTellsNoEventsIsFound(Lab lab) {
        LabNamespace fw = lab.namespace("fw");
        fw.sysctl("net.netfilter.nf_conntrack_events", "0");
        assertThat(subjects(fw, 1)).contains(Finding.Subject.EVENTS);
        fw.sysctl("net.netfilter.nf_conntrack_events", "1");
        assertThat(subjects(fw, 1)).doesNotContain(Finding.Subject.EVENTS);
    }
}
