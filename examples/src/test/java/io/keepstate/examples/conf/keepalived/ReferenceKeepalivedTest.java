// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every directive of the reference pair's keepalived files, one test named after each. */
class ReferenceKeepalivedTest {
    private static final Reading<KeepalivedConfig> READING = KeepalivedReader.read(Path.of("conf/keepalived-fw1.conf"));
    private final SyncGroupConfig group = READING.get().syncGroups().get(0);
    private final InstanceConfig e1 = READING.get().instances().get(0);
    private final InstanceConfig i1 = READING.get().instances().get(1);

    @Test
    void onlyTheIpv6AddressesOfTheIpv4InstancesWarn() {
        assertThat(READING.findings())
                .extracting(Finding::directive)
                .containsExactly("2001:db8:15:7::100/64", "2001:db8:16:10::100/64");
        assertThat(READING.findings()).extracting(Finding::severity).containsOnly(Severity.INVALID);
    }

    @Test
    void vrrpSyncGroup() {
        assertThat(group.name()).isEqualTo("G1");
    }

    @Test
    void group() {
        assertThat(group.members()).containsExactly("E1", "I1");
    }

    @Test
    void notifyMaster() {
        assertThat(group.scripts().master().orElseThrow().argv())
                .containsExactly("/etc/conntrackd/primary-backup.sh", "primary");
    }

    @Test
    void notifyBackup() {
        assertThat(group.scripts().backup().orElseThrow().argv()).endsWith("backup");
    }

    @Test
    void notifyFault() {
        assertThat(group.scripts().fault().orElseThrow().argv()).endsWith("fault");
    }

    @Test
    void notifyStopAndNotify() throws IOException {
        NotifyConfig scripts = changed("notify_fault", "notify_stop /bin/stop\n notify '/bin/any'\n notify_fault")
                .get()
                .syncGroups()
                .get(0)
                .scripts();
        assertThat(scripts.stop().orElseThrow().argv()).containsExactly("/bin/stop");
        assertThat(scripts.any().orElseThrow().argv()).containsExactly("/bin/any");
    }

    @Test
    void vrrpInstance() {
        assertThat(List.of(e1.name(), i1.name())).containsExactly("E1", "I1");
        assertThat(e1.router().family()).isEqualTo(AddressFamily.IPV4);
        assertThat(e1.router().version()).isEqualTo(Version.V2);
    }

    @Test
    void interfaceOfTheInstance() {
        assertThat(List.of(e1.router().interfaceName(), i1.router().interfaceName()))
                .containsExactly("eth0", "eth1");
    }

    @Test
    void state() {
        assertThat(e1.initialState()).isEqualTo(InstanceConfig.InitialState.BACKUP);
    }

    @Test
    void virtualRouterId() {
        assertThat(List.of(e1.router().virtualRouterId(), i1.router().virtualRouterId()))
                .containsExactly(61, 62);
    }

    @Test
    void priority() throws IOException {
        assertThat(e1.priority()).isEqualTo(100);
        assertThat(KeepalivedReader.read(Path.of("conf/keepalived-fw2.conf"))
                        .get()
                        .instances()
                        .get(0)
                        .priority())
                .isEqualTo(50);
        assertThat(changed("priority 100", "").get().instances().get(0).priority())
                .isEqualTo(100);
        assertThat(changed("priority 100", "state MASTER")
                        .get()
                        .instances()
                        .get(0)
                        .priority())
                .isEqualTo(255);
    }

    @Test
    void advertInt() throws IOException {
        assertThat(e1.router().intervalCentis()).isEqualTo(100);
        assertThat(changed("advert_int 1", "version 3\nadvert_int 0.25")
                        .get()
                        .instances()
                        .get(0)
                        .router()
                        .intervalCentis())
                .isEqualTo(25);
    }

    @Test
    void authentication() throws IOException {
        assertThat(e1.router().authentication()).isEqualTo(Authentication.password("zzzz"));
        Reading<KeepalivedConfig> longer = changed("auth_pass zzzz", "auth_pass \"0123456789 !#\"");
        assertThat(longer.get().instances().get(0).router().authentication())
                .isEqualTo(Authentication.password("01234567"));
        assertThat(longer.findings()).anyMatch(f -> f.message().contains("only the first 8 octets"));
    }

    @Test
    void virtualIpaddress() throws IOException {
        assertThat(e1.router().addresses())
                .extracting(VirtualAddress::toString)
                .containsExactly("10.15.7.100/24 dev eth0");
        VirtualAddress bare = changed("10.15.7.100/24 dev eth0", "10.15.7.100 brd + scope link label eth0:v")
                .get()
                .instances()
                .get(0)
                .router()
                .addresses()
                .get(0);
        assertThat(bare).hasToString("10.15.7.100/32 dev eth0");
        assertThat(bare.options().scope()).isEqualTo(253);
        assertThat(bare.options().label()).contains("eth0:v");
    }

    @Test
    void virtualIpaddressOfTheOtherFamilyIsTreatedAsExcluded() {
        assertThat(e1.router().excludedAddresses())
                .extracting(VirtualAddress::toString)
                .containsExactly("2001:db8:15:7::100/64 dev eth0");
        assertThat(READING.findings().get(0).message()).contains("virtual_ipaddress_excluded");
    }

    @Test
    void virtualIpaddressExcluded() throws IOException {
        VirtualRouterConfig moved = changed(
                        "2001:db8:15:7::100/64 dev eth0",
                        "}\nvirtual_ipaddress_excluded {\n2001:db8:15:7::100/64 -nodad")
                .get()
                .instances()
                .get(0)
                .router();
        assertThat(moved.excludedAddresses()).hasSize(1);
        assertThat(moved.excludedAddresses().get(0).options().duplicateDetection())
                .isTrue();
        assertThat(moved.excludedAddresses().get(0).interfaceName()).isEqualTo("eth0");
    }

    @Test
    void garpMasterDelay() throws IOException {
        assertThat(e1.router().announcements())
                .isEqualTo(new AnnouncementPolicy(5, Duration.ofSeconds(1), Duration.ZERO, 1));
        assertThat(changed("garp_master_delay 1", "garp_master_repeat 2")
                        .get()
                        .instances()
                        .get(0)
                        .router()
                        .announcements())
                .isEqualTo(new AnnouncementPolicy(2, Duration.ofSeconds(5), Duration.ZERO, 1));
    }

    @Test
    void nopreemptAndPreemptDelay() throws IOException {
        assertThat(changed("garp_master_delay 1", "nopreempt")
                        .get()
                        .instances()
                        .get(0)
                        .router()
                        .preempt())
                .isFalse();
        assertThat(changed("garp_master_delay 1", "preempt_delay 2.5")
                        .get()
                        .instances()
                        .get(0)
                        .router()
                        .preemptDelay())
                .isEqualTo(Duration.ofMillis(2_500));
    }

    @Test
    void globalDefsVrrpVersion() throws IOException {
        Reading<KeepalivedConfig> reading = changed(
                "vrrp_sync_group", "global_defs {\n! a comment\nrouter_id X # two\nvrrp_version 3\n}\nvrrp_sync_group");
        assertThat(reading.get().instances().get(0).router().version()).isEqualTo(Version.V3);
        assertThat(reading.get().globalDefs().routerId()).contains("X");
    }

    @Test
    void nativeIpv6() throws IOException {
        VirtualRouterConfig instance = changed("interface eth0", "interface eth0\nnative_ipv6")
                .get()
                .instances()
                .get(0)
                .router();
        assertThat(instance.family()).isEqualTo(AddressFamily.IPV6);
        assertThat(instance.version()).isEqualTo(Version.V3);
        assertThat(instance.addresses())
                .extracting(VirtualAddress::toString)
                .containsExactly("2001:db8:15:7::100/64 dev eth0");
    }

    private static Reading<KeepalivedConfig> changed(String from, String to) throws IOException {
        String text = Files.readString(Path.of("conf/keepalived-fw1.conf"));
        int at = text.indexOf(from);
        return KeepalivedReader.read(
                "keepalived.conf", text.substring(0, at) + to + text.substring(at + from.length()));
    }
}
