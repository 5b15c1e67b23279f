// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceFilesTest {
    @Test
    void anotherPriorityIsTheOnlyChange() {
        String reference = ReferenceFiles.read("keepalived-fw1.conf");
        assertThat(ReferenceFiles.withPriority(reference, 100)).isEqualTo(reference);
        assertThat(ReferenceFiles.withPriority(reference, 150))
                .isEqualTo(reference.replace("priority 100", "priority 150"))
                .doesNotContain("100\n    advert");
    }

    @Test
    void keepalivedGetsTheIpv6AddressesInTheExcludedBlock() {
        assertThat(ReferenceFiles.forKeepalived("""
                        vrrp_instance E1 {
                            virtual_ipaddress {
                                10.15.7.100/24 dev eth0
                                2001:db8:15:7::100/64 dev eth0
                            }
                            garp_master_delay 1
                        }
                        """)).isEqualTo("""
                        vrrp_instance E1 {
                            virtual_ipaddress {
                                10.15.7.100/24 dev eth0
                            }
                            virtual_ipaddress_excluded {
                                2001:db8:15:7::100/64 dev eth0
                            }
                            garp_master_delay 1
                        }
                        """);
    }

    @Test
    void theCountersAreReadByTheirNames() {
        List<String> snmp = List.of(
                "Ip: Forwarding DefaultTTL InReceives ForwDatagrams InDiscards",
                "Ip: 1 64 500 321 0",
                "Icmp: InMsgs InErrors",
                "Icmp: 3 0");
        List<String> snmp6 = List.of("Ip6InReceives                   \t12", "Ip6OutForwDatagrams             \t7");
        assertThat(ForwardCounters.parse(snmp, snmp6)).isEqualTo(new ForwardCounters(321, 7));
        assertThat(new ForwardCounters(321, 7).since(new ForwardCounters(300, 7)))
                .isEqualTo(new ForwardCounters(21, 0));
    }
}
