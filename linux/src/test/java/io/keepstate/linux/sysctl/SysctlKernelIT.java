// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.namespace.NetworkNamespace;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kernel's parameters, in namespaces. */
@ExtendWith(LabExtension.class)
class SysctlKernelIT {

    private static final String ARP_IGNORE = "net/ipv4/conf/eth0/arp_ignore";

    @Test
    void each_namespace_has_its_own_parameters_and_its_own_journal(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        lab.veth(a, "eth0", b, "eth0");
        Path directory = lab.directory().resolve("run");
        SysctlJournal journal = a.get(() -> SysctlJournal.open(directory, Sysctl.kernel()));
        a.network().run(() -> journal.set(Map.of(ARP_IGNORE, "1", "net/ipv4/conf/gone/arp_ignore", "1")));
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("1");
        assertThat(b.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("0");
        assertThatThrownBy(() -> b.network().run(journal::close))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another network namespace");
        a.network().run(() -> journal.set(ARP_IGNORE, "1"));
        a.network().run(journal::close);
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("0");
    }

    @Test
    void the_kernel_says_what_it_has(Lab lab) {
        LabNamespace a = lab.namespace("a");
        Sysctl sysctl = Sysctl.kernel();
        assertThat(a.get(() -> sysctl.read("net/ipv4/conf/none/arp_ignore"))).isEmpty();
        assertThat(a.get(() -> sysctl.list("net/ipv4/conf"))).contains("all", "default", "lo");
        assertThat(a.get(() -> sysctl.write("net/ipv4/conf/none/arp_ignore", "1")))
                .isFalse();
        assertThat(a.get(() -> sysctl.read("net/ipv4/tcp_rmem")).orElseThrow()).matches("\\d+ \\d+ \\d+");
        assertThatThrownBy(() -> a.get(() -> sysctl.write("net/ipv4/conf/lo/arp_ignore", "many")))
                .hasMessageContaining("cannot set kernel parameter net/ipv4/conf/lo/arp_ignore to many");
    }

    @Test
    void namespaces_have_different_numbers(Lab lab) {
        long a = lab.namespace("a").get(NetworkNamespace::currentId);
        long b = lab.namespace("b").get(NetworkNamespace::currentId);
        assertThat(a).isNotEqualTo(b).isEqualTo(lab.namespace("a").get(NetworkNamespace::currentId));
    }
}
