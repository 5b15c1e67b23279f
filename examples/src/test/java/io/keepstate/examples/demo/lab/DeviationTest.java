// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeviationTest {
    @ParameterizedTest
    @EnumSource
    void aLayoutWithoutAnExternalCacheKeepsItsCommitTimeout(Layout layout) {
        String reference = layout.read("conntrackd-fw1.conf");
        String text = Deviation.WITHOUT_EXTERNAL_CACHE.apply("conntrackd-fw1.conf", reference);
        assertThat(text).contains("DisableExternalCache On", "CommitTimeout 1800");
        assertThat(text.replace("DisableExternalCache On", "DisableExternalCache Off"))
                .isEqualTo(reference);
    }

    @ParameterizedTest
    @EnumSource
    void overTheLanTheLinkIsEth1AndNothingElseChanges(Layout layout) {
        String reference = layout.read("conntrackd-fw2.conf");
        String text = Deviation.SYNC_OVER_LAN.apply("conntrackd-fw2.conf", reference);
        assertThat(text)
                .contains(
                        "IPv4_address 172.16.0.102\n",
                        "IPv4_Destination_Address 172.16.0.101\n",
                        "Interface eth1",
                        "IPv4_address 10.0.0.1\n",
                        "IPv4_address 10.0.0.2\n")
                .doesNotContain("eth2");
        assertThat(text.lines()).hasSameSizeAs(reference.lines().toList());
    }

    @Test
    void overTheLanTheRulesLetThePeerInAndTrackNoneOfIt() {
        String rules = Deviation.SYNC_OVER_LAN.apply("firewall.nft", Layout.ONE_GROUP.read("firewall.nft"));
        assertThat(rules)
                .contains(
                        "iifname \"eth1\" udp dport 3780 notrack",
                        "oifname \"eth1\" udp dport 3780 notrack",
                        "iifname \"eth1\" ip saddr { 172.16.0.101, 172.16.0.102 } udp dport 3780 accept")
                .doesNotContain("eth2");
        assertThat(Deviation.SYNC_OVER_LAN.apply("keepalived-fw1.conf", "eth2")).isEqualTo("eth2");
    }
}
