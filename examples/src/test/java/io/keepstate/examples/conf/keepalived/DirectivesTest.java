// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.InterfaceDelays;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.TrackedFile;
import io.keepstate.vrrp.TrackedProcess;
import io.keepstate.vrrp.TrackedScript;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every directive of the VRRP part: what it makes of the configuration. The reference pair's are in its own test. */
class DirectivesTest {
    private static final String GOOD = """
            vrrp_instance A {
            interface eth0
            virtual_router_id 7
            %s
            virtual_ipaddress {
            %s
            }
            }
            %s
            """;

    /** Each directive of an instance, with what it shows in the configuration of the router. */
    @TestFactory
    Stream<DynamicTest> ofAnInstance() {
        return lines("""
                accept                              | accept | true
                no_accept                           | accept | false
                version 3                           | version | V3
                advert_int 5                        | intervalCentis | 500
                priority 17                         | priority | 17
                state MASTER                        | priority | 255
                native_ipv6 off                     | family | IPV4
                preempt                             | preempt | true
                nopreempt                           | preempt | false
                preempt_delay 2.5                   | preemptDelay | PT2.5S
                down_timer_adverts 5                | downTimerAdverts | 5
                lower_prio_no_advert                | lowerPriorityNoAdvert | true
                higher_prio_send_advert yes         | higherPrioritySendsAdvert | true
                owner_ignore_adverts                | ownerIgnoresAdverts | true
                skip_check_adv_addr on              | skipAddressListCheck | true
                strict_mode                         | accept | false
                v3_checksum_as_v2\\nversion 3       | checksumMode | RFC9568
                old_unicast_checksum\\nversion 3\\nunicast_peer {\\n10.0.0.2\\n}    | checksumMode | OLD_UNICAST
                old_unicast_checksum never\\nversion 3\\nunicast_peer {\\n10.0.0.2\\n} | checksumMode | PSEUDO_HEADER
                dont_track_primary                  | trackPrimary | false
                promote_secondaries                 | holdings | promoteSecondaries=true
                mcast_src_ip 10.0.0.3               | sourceAddress | Optional[10.0.0.3]
                unicast_src_ip 10.0.0.3\\nunicast_peer {\\n10.0.0.2\\n} | sourceAddress | Optional[10.0.0.3]
                unicast_peer {\\n10.0.0.2 min_ttl 3 max_ttl 9\\n} | transport | Unicast[peers=[UnicastPeer[address=10.0.0.2, minTtl=OptionalInt[3], maxTtl=OptionalInt[9]]], ttl=OptionalInt.empty, checkSource=true]
                unicast_ttl 9\\nunicast_peer {\\n10.0.0.2\\n} | transport | ttl=OptionalInt[9]
                check_unicast_src\\nunicast_peer {\\n10.0.0.2\\n} | transport | checkSource=true
                unicast_fault_no_peer\\nunicast_peer {\\n10.0.0.2\\n} | transport | 10.0.0.2
                mcast_dst_ip 224.0.0.77             | transport | 224.0.0.77
                use_vmac                            | virtualMac | interfaceName=vrrp.7, address=Optional.empty, transmitOnBase=false
                use_vmac vv.1 02:00:00:00:00        | virtualMac | interfaceName=vv.1, address=Optional[02:00:00:00:00:07]
                use_vmac name group 02:00:00:00:00  | virtualMac | interfaceName=group, address=Optional[02:00:00:00:00:07]
                use_vmac netlink_notify_msg name vv.1 | virtualMac | interfaceName=vv.1, address=Optional.empty
                use_vmac\\nvmac_xmit_base           | virtualMac | transmitOnBase=true
                garp_master_delay 7                 | announcements | delay=PT7S
                garp_master_repeat 2                | announcements | repeat=2
                garp_master_refresh 9               | announcements | refresh=PT9S
                garp_master_refresh_repeat 4        | announcements | refreshRepeat=4
                garp_lower_prio_delay 3             | announcements | lowerPriorityDelay=PT3S
                garp_lower_prio_repeat 8            | announcements | lowerPriorityRepeat=8
                garp_extra_if 100                   | announcements | extraInterval=PT1M40S, extraEverywhere=false
                garp_extra_if all 60                | announcements | extraInterval=PT1M, extraEverywhere=true
                track_src_ip\\nmcast_src_ip 10.0.0.3 | trackSource | true
                virtual_ipaddress_excluded {\\n10.9.0.1/24 dev eth1 use_vmac\\n} | allAddresses | 10.9.0.1/24 dev vrrp.7]
                use_vmac\\nvirtual_ipaddress_excluded {\\n10.9.0.1/24 dev eth1 use_vmac\\n10.9.0.2/24 dev eth1 use_vmac\\n} | allAddresses | 10.9.0.1/24 dev vrrp4.7, 10.9.0.2/24 dev vrrp4.7]
                use_vmac\\nuse_vmac_addr\\nvirtual_ipaddress_excluded {\\n10.0.0.9\\n10.9.0.1/24 dev eth1\\n2001:db8::7/64\\n} | allAddresses | 10.0.0.9/32 dev vrrp.7, 10.9.0.1/24 dev vrrp4.7, 2001:db8::7/64 dev vrrp6.7]
                authentication {\\nauth_type PASS\\nauth_pass x\\n} | authentication | password
                authentication {\\nauth_type AH\\nauth_pass x\\n} | authentication | authentication header
                auth_hmac {\\nkey 4 01234567890123456789012345678901\\nactive_key 4\\nanti_replay monotonic\\ntime_window 9\\nmode permissive\\n} | hmac | activeKeyId=4, antiReplay=MONOTONIC, timeWindowSeconds=OptionalInt[9], mode=PERMISSIVE
                virtual_ipaddress_excluded {\\n10.9.0.1/24 dev eth1\\n} | excludedAddresses | [10.9.0.1/24 dev eth1]
                track_interface {\\neth1 weight -5 reverse\\n} | tracks | [Track[what=interface eth1, weight=-5, reverse=true]]
                track_script {\\ns\\n}              | tracks | [Track[what=script s, weight=6, reverse=true]]
                track_script {\\ns weight 3\\n}     | tracks | [Track[what=script s, weight=3, reverse=false]]
                track_file {\\nf weight 2\\n}       | tracks | [Track[what=file f, weight=2, reverse=false]]
                track_file {\\nf\\n}                | tracks | [Track[what=file f, weight=1, reverse=false]]
                track_process {\\np\\n}             | tracks | [Track[what=process p, weight=0, reverse=false]]
                track_process {\\np weight -254\\n} | tracks | [Track[what=process p, weight=-254, reverse=false]]
                virtual_routes {\\n10.8.0.0/16 via 10.0.0.9 dev eth0 table 77 metric 4 no_track\\n} | routes | [10.8.0.0/16 via 10.0.0.9 dev eth0 table 77 metric 4]
                virtual_routes {\\nsrc 10.0.0.7 to 10.8.0.0/16 via 10.0.0.9 or 10.0.0.8 dev eth1\\n} | routes | src 10.0.0.7 nexthop
                virtual_routes {\\nblackhole 10.8.0.0/16\\n} | routes | [blackhole 10.8.0.0/16]
                virtual_routes {\\ndefault6 via fe80::1 dev eth0\\n} | routes | [default via fe80::1 dev eth0]
                virtual_routes {\\ndefault gw 10.0.0.9 mtu lock 1400 onlink dev eth0\\n} | routes | [default via 10.0.0.9 dev eth0 onlink]
                virtual_routes {\\n10.8.0.0/16 nexthop via 10.0.0.1 dev eth0 weight 3 nexthop dev eth1\\n} | routes | nexthop via 10.0.0.1 dev eth0 weight 3 nexthop dev eth1
                virtual_rules {\\nfrom 10.8.0.0/16 table 5 preference 40\\n} | rules | [from 10.8.0.0/16 lookup 5 priority 40]
                virtual_rules {\\nto 10.8.0.0/16 fwmark 24/12 iif eth1 goto 50 priority 40 no_track\\n} | rules | to 10.8.0.0/16 fwmark 0x18 iif eth1 goto 50 priority 40
                """)
                .map(line -> DynamicTest.dynamicTest(line[0], () -> {
                    VirtualRouterConfig router = router(instance(line[0].replace("\\n", "\n")));
                    assertThat(String.valueOf(
                                    VirtualRouterConfig.class.getMethod(line[1]).invoke(router)))
                            .contains(line[2]);
                }));
    }

    /** Each directive of global_defs that instances inherit. */
    @TestFactory
    Stream<DynamicTest> ofGlobalDefsForTheInstances() {
        return lines("""
                vrrp_version 3                      | version | V3
                vrrp_mcast_group4 224.0.0.77        | transport | 224.0.0.77
                vrrp_garp_master_delay 7            | announcements | delay=PT7S
                vrrp_garp_master_repeat 2           | announcements | repeat=2, delay=PT5S, refresh=PT0S, refreshRepeat=1, lowerPriorityRepeat=2
                vrrp_garp_master_refresh 9          | announcements | refresh=PT9S
                vrrp_garp_master_refresh_repeat 4   | announcements | refreshRepeat=4
                vrrp_garp_lower_prio_delay 3        | announcements | lowerPriorityDelay=PT3S
                vrrp_garp_lower_prio_repeat 0       | announcements | lowerPriorityRepeat=0
                vrrp_garp_interval 0.0005           | announcements | arpInterval=PT0.0005S
                vrrp_gna_interval 0.001             | announcements | neighborInterval=PT0.001S
                vrrp_min_garp                       | announcements | repeat=1, delay=PT0S
                vrrp_down_timer_adverts 6           | downTimerAdverts | 6
                vrrp_lower_prio_no_advert           | lowerPriorityNoAdvert | true
                vrrp_higher_prio_send_advert        | higherPrioritySendsAdvert | true
                vrrp_owner_ignore_adverts           | ownerIgnoresAdverts | true
                vrrp_skip_check_adv_addr            | skipAddressListCheck | true
                vrrp_strict                         | accept | false
                vrrp_startup_delay 5.5              | startupDelay | PT5.5S
                vrrp_garp_extra_if all 100          | announcements | extraInterval=PT1M40S, extraEverywhere=true
                vrrp_vmac_garp_intvl 100            | announcements | extraInterval=PT1M40S, extraEverywhere=false
                vrrp_min_garp\\nvrrp_garp_extra_if 100 | announcements | extraInterval=PT1M40S
                """)
                .map(line -> DynamicTest.dynamicTest(line[0], () -> {
                    VirtualRouterConfig router = router(global(line[0].replace("\\n", "\n")));
                    assertThat(String.valueOf(
                                    VirtualRouterConfig.class.getMethod(line[1]).invoke(router)))
                            .contains(line[2]);
                }));
    }

    @Test
    void vmacPrefixVrrpCheckUnicastSrcAndVrrpMcastGroup6() {
        String text = "global_defs {\nvmac_prefix vm\nvrrp_check_unicast_src\nvrrp_mcast_group6 ff02::77\n}\n";
        assertThat(router(text + instance("use_vmac"))
                        .virtualMac()
                        .orElseThrow()
                        .interfaceName())
                .isEqualTo("vm.7");
        assertThat(router(text + instance("unicast_peer {\n10.0.0.2\n}"))
                        .transport()
                        .toString())
                .contains("checkSource=true");
        assertThat(router(text + GOOD.formatted("", "fe80::1", "")).transport().toString())
                .contains("ff02::77");
    }

    /** Each directive of global_defs that is the daemon's. */
    @TestFactory
    Stream<DynamicTest> ofGlobalDefsForTheDaemon() {
        return lines("""
                router_id FW                        | routerId=Optional[FW]
                script_user joe staff               | scriptUser=Optional[RunAs[user=joe, group=Optional[staff]]]
                script_user joe :staff              | scriptUser=Optional[RunAs[user=joe, group=Optional[staff]]]
                script_user joe :                   | scriptUser=Optional[RunAs[user=joe, group=Optional.empty]]
                enable_script_security              | scriptSecurity=true
                notify_fifo /run/f joe              | all=Optional[Fifo[path=/run/f, owner=Optional[RunAs[user=joe
                vrrp_notify_fifo /run/f             | vrrp=Optional[Fifo[path=/run/f
                vrrp_notify_priority_changes on     | priorityChanges=true
                dynamic_interfaces allow_if_changes | dynamicInterfaces=true
                data_use_instance                   | dataUsesInstance=true
                state_file_location /run/x/         | dumps=Dumps[state=Optional[/run/x/], stats=Optional.empty, json=Optional.empty]
                stats_file_location /run/s          | dumps=Dumps[state=Optional.empty, stats=Optional[/run/s], json=Optional.empty]
                json_file_location /run/j           | dumps=Dumps[state=Optional.empty, stats=Optional.empty, json=Optional[/run/j]]
                vrrp_rt_priority 30                 | realTimePriority=OptionalInt[30]
                startup_script "/bin/a b" joe       | startup=Optional[Once[command=NotifyCommand[argv=[/bin/a, b], runAs=Optional[RunAs[user=joe
                startup_script /bin/a\\nstartup_script_timeout 7 | timeout=PT7S]], shutdown=Optional.empty
                shutdown_script /bin/a              | shutdown=Optional[Once[command=NotifyCommand[argv=[/bin/a], runAs=Optional.empty
                """)
                .map(line -> DynamicTest.dynamicTest(
                        line[0],
                        () -> assertThat(read(global(line[0].replace("\\n", "\n")))
                                        .get()
                                        .globalDefs()
                                        .toString())
                                .contains(line[1])));
    }

    @Test
    void notifyFifoScriptAndVrrpNotifyFifoScript() {
        GlobalDefs.Fifos fifos = read(global(
                        "notify_fifo /a\nnotify_fifo_script /bin/a\nvrrp_notify_fifo /b\nvrrp_notify_fifo_script /bin/b joe"))
                .get()
                .globalDefs()
                .fifos();
        assertThat(fifos.all().orElseThrow().script().orElseThrow().argv()).containsExactly("/bin/a");
        assertThat(fifos.vrrp()
                        .orElseThrow()
                        .script()
                        .orElseThrow()
                        .runAs()
                        .orElseThrow()
                        .user())
                .isEqualTo("joe");
    }

    @Test
    void instanceName() {
        assertThat(read("instance east\n" + instance("")).get().globalDefs().instance())
                .contains("east");
    }

    @Test
    void notifyLinesWithTheirUsers() {
        InstanceConfig instance = read(instance("notify_master \"/bin/m 'a b'\" joe staff\nnotify_deleted /bin/d\n"
                        + "notify_master_rx_lower_pri /bin/l\nnotify_priority_changes yes"))
                .get()
                .instances()
                .get(0);
        NotifyCommand master = instance.scripts().master().orElseThrow();
        assertThat(master.argv()).containsExactly("/bin/m", "a b");
        assertThat(master.runAs().orElseThrow().group()).contains("staff");
        assertThat(instance.scripts().tellDeleted()).isTrue();
        assertThat(instance.scripts().deleted().orElseThrow().argv()).containsExactly("/bin/d");
        assertThat(instance.scripts().lowerPriority().orElseThrow().argv()).containsExactly("/bin/l");
        assertThat(instance.priorityChanges()).isTrue();
    }

    @Test
    void vrrpScript() {
        List<TrackedScript> scripts = read(instance("track_script {\nt\n}")
                        + "vrrp_script t {\nscript \"/bin/c 'x y'\"\ninterval 0.2\ntimeout 3\nrise 2\nfall 4\ninit_fail\nuser"
                        + " joe\nweight 2\n}\nvrrp_script u {\nscript /bin/u\n}\n")
                .get()
                .tracked()
                .scripts();
        TrackedScript script =
                scripts.stream().filter(it -> it.name().equals("t")).findFirst().orElseThrow();
        assertThat(script.command()).containsExactly("/bin/c", "x y");
        assertThat(List.of(script.interval(), script.timeout()))
                .containsExactly(Duration.ofMillis(200), Duration.ofSeconds(3));
        assertThat(List.of(script.rise(), script.fall())).containsExactly(2, 4);
        assertThat(script.initFail()).isTrue();
        assertThat(script.user()).contains("joe");
    }

    @Test
    void trackFile() {
        List<TrackedFile> files = read(instance("")
                        + "track_file g {\nfile \"/tmp/a b\"\nweight 4\ninit_file 9 overwrite\n}\nvrrp_track_file h {\nfile /tmp/h\n}\n")
                .get()
                .tracked()
                .files();
        assertThat(files).extracting(TrackedFile::path).contains("/tmp/a b", "/tmp/h");
        TrackedFile first =
                files.stream().filter(it -> it.name().equals("g")).findFirst().orElseThrow();
        assertThat(first.initialValue()).hasValue(9);
        assertThat(first.overwrite()).isTrue();
    }

    @Test
    void vrrpTrackProcess() {
        TrackedProcess process = read(instance("")
                        + "vrrp_track_process q {\nprocess \"/tmp/a b\" x \"y z\"\nparam_match initial\nquorum 2\nquorum_max 4\n"
                        + "delay 0.5\nterminate_delay 1\nfork_delay 2\nfull_command\nweight 7\n}\n")
                .get()
                .tracked()
                .processes()
                .stream()
                .filter(it -> it.name().equals("q"))
                .findFirst()
                .orElseThrow();
        assertThat(process.program()).isEqualTo("/tmp/a b");
        assertThat(process.parameters()).containsExactly("x", "y z");
        assertThat(process.match()).isEqualTo(TrackedProcess.ParameterMatch.INITIAL);
        assertThat(process.fullCommand()).isTrue();
        assertThat(process.quorum()).isEqualTo(2);
        assertThat(process.quorumMax()).hasValue(4);
        assertThat(process.forkDelay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(process.terminateDelay()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void interfaceUpDownDelays() {
        assertThat(read(instance("") + "interface_up_down_delays {\neth0 0.5 2\neth1 1.25\n}\n")
                        .get()
                        .tracked()
                        .delays())
                .containsExactly(
                        new InterfaceDelays("eth0", Duration.ofMillis(500), Duration.ofSeconds(2)),
                        new InterfaceDelays("eth1", Duration.ofMillis(1_250), Duration.ofMillis(1_250)));
    }

    @Test
    void garpGroup() {
        String group = "garp_group {\ngarp_interval 0.1\ngna_interval 0.2\ninterfaces {\neth0\neth1\n}\n}\n"
                + "garp_group {\ngarp_interval 0.3\ninterface eth2\n}\n";
        AnnouncementPolicy policy = router(instance("") + group).announcements();
        assertThat(policy.arpInterval("eth0")).isEqualTo(Duration.ofMillis(100));
        assertThat(policy.neighborInterval("eth1")).isEqualTo(Duration.ofMillis(200));
        assertThat(policy.arpInterval("eth2")).as("wherever the instance is").isEqualTo(Duration.ofMillis(300));
        assertThat(policy.neighborInterval("eth2")).isEqualTo(Duration.ZERO);
        assertThat(policy.arpInterval("eth3")).isEqualTo(Duration.ZERO);
    }

    @Test
    void vrrpSyncGroupTracksForItsMembersAndTakesTheirWeights() {
        String text = instance("track_interface {\neth2 weight 5\n}\ntrack_script {\ns\n}")
                + instance("").replace("instance A", "instance B").replace("eth0", "eth1")
                + "vrrp_sync_group G {\ngroup {\nA\nB\n}\ntrack_script {\ns weight 9\n}\nnotify_priority_changes on\n%s}\n";
        Reading<KeepalivedConfig> reading = read(text.formatted(""));
        assertThat(reading.get().instances().get(0).router().tracks().toString())
                .contains("interface eth2, weight=0")
                .contains("script s, weight=9");
        assertThat(reading.get().instances().get(1).router().tracks().toString())
                .contains("script s, weight=9");
        assertThat(reading.get().syncGroups().get(0).priorityChanges()).isTrue();
        assertThat(invalid(reading)).hasSize(2);
        for (String keeps : List.of("sync_group_tracking_weight\n", "global_tracking\n")) {
            assertThat(router(text.formatted(keeps)).tracks().toString())
                    .contains("interface eth2, weight=5")
                    .contains("script s, weight=6");
        }
    }

    @Test
    void optionsOfAnAddress() {
        VirtualRouterConfig router = router(GOOD.formatted(
                "",
                "10.0.0.5/24 brd + dev eth1 label eth1:x scope site no_track preferred_lft 77 noprefixroute\n"
                        + "10.0.0.6 peer 10.0.0.7 brd 10.0.0.9 use_vmac",
                ""));
        assertThat(router.addresses().get(0).options().toString())
                .contains("broadcast=Optional[10.0.0.255]", "scope=200", "label=Optional[eth1:x]", "tracked=false")
                .contains("preferredSeconds=OptionalLong[77]", "noPrefixRoute=true");
        assertThat(router.addresses().get(1).options().toString())
                .contains("peer=Optional[10.0.0.7]", "broadcast=Optional[10.0.0.9]", "virtualMac=Optional[vrrp.7]");
        VirtualRouterConfig six =
                router(GOOD.formatted("", "2001:db8::5/64 -nodad home mngtmpaddr autojoin preferred_lft forever", ""));
        assertThat(six.addresses().get(0).options().toString())
                .contains("duplicateDetection=true", "home=true", "manageTemporary=true", "autoJoin=true");
    }

    @Test
    void staticEntriesAndTheInstancesThatTrackThem() {
        Reading<KeepalivedConfig> reading = read("global_defs {\ndefault_interface eth1\n}\n"
                + "static_ipaddress {\n10.3.0.1/24 brd + track_group G\n10.4.0.1/24 dev eth2\n}\n"
                + "static_routes {\n10.7.0.0/16 via 10.0.0.9 dev eth0 track_group G\n10.8.0.0/16 dev eth0 append\n}\n"
                + "static_rules {\nfrom 10.0.0.0/8 table 7 preference 44\n}\n"
                + "track_group G {\ngroup {\nA\n}\n}\ntrack_group UNUSED {\ngroup {\nA\n}\n}\n"
                + instance(""));
        assertThat(reading.findings()).isEmpty();
        StaticEntries statics = reading.get().statics();
        assertThat(statics.addresses())
                .extracting(Object::toString)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains("10.3.0.1/24 dev eth1")
                                .contains("Optional[G]"),
                        second -> assertThat(second)
                                .contains("10.4.0.1/24 dev eth2")
                                .contains("Optional.empty"));
        assertThat(statics.routes().get(0).trackGroup()).contains("G");
        assertThat(statics.routes().get(1).what().order()).isEqualTo(VirtualRoute.Order.APPEND);
        assertThat(statics.rules().get(0).what().priority()).hasValue(44);
        assertThat(reading.get().instances().get(0).router().tracks())
                .containsExactly(Track.required(StaticEntries.group("G")));
    }

    @Test
    void trackGroupsAndMembersThatDoNotExistAreReported() {
        Reading<KeepalivedConfig> reading = read("static_ipaddress {\n10.3.0.1/24 track_group H\n}\n"
                + "track_group G {\ngroup {\nB\n}\n}\ntrack_group E {\n}\n" + instance("track_src_ip"));
        assertThat(reading.findings())
                .extracting(it -> it.severity() + " " + it.line() + " " + it.directive())
                .containsExactly("INVALID 2 H", "INVALID 6 B", "INVALID 9 track_group", "WARNING 14 track_src_ip");
    }

    /** What keepalived corrects, we correct to the same value and say so. */
    @TestFactory
    Stream<DynamicTest> correctedAsKeepalivedDoes() {
        return lines("""
                advert_int 1.5                      | intervalCentis | 200
                advert_int 0.2                      | intervalCentis | 100
                version 3\\nadvert_int 0.123        | intervalCentis | 12
                version 3\\nadvert_int 41           | intervalCentis | 4095
                version 3\\nauthentication {\\nauth_type PASS\\nauth_pass x\\n} | authentication | none
                state MASTER\\npriority 100\\nnopreempt | preempt | true
                state MASTER\\npriority 100\\npreempt_delay 4 | preemptDelay | PT0S
                nopreempt\\npreempt_delay 4         | preemptDelay | PT0S
                unicast_src_ip 10.0.0.3             | transport | Multicast
                check_unicast_src                   | transport | Multicast
                state master                        | priority | 100
                vmac_xmit_base                      | virtualMac | Optional.empty
                virtual_routes {\\n10.8.0.0/16 dev eth0 weight 3 pref high\\n} | routes | [10.8.0.0/16 dev eth0]
                mcast_dst_ip 224.0.0.7\\nunicast_peer {\\n10.0.0.2\\n} | transport | Unicast
                use_vmac\\nunicast_peer {\\n10.0.0.2\\n} | virtualMac | transmitOnBase=true
                garp_master_repeat 0                | announcements | repeat=1
                priority 255\\ntrack_script {\\ns\\n} | tracks | []
                track_script {\\nnothing\\n}        | tracks | []
                track_interface {\\neth0\\n}        | tracks | []
                track_interface {\\neth1 weight 300\\n} | tracks | weight=0
                track_interface {\\neth1 weight -254\\n} | tracks | weight=-253
                track_script {\\n""\\n}             | tracks | []
                strict_mode\\nauthentication {\\nauth_type PASS\\nauth_pass x\\n} | authentication | none
                strict_mode\\nunicast_peer {\\n10.0.0.2\\n} | transport | Multicast
                strict_mode\\naccept                | accept | false
                strict_mode\\ngarp_lower_prio_repeat 4 | announcements | lowerPriorityRepeat=0
                strict_mode\\nhigher_prio_send_advert | higherPrioritySendsAdvert | false
                strict_mode\\nlower_prio_no_advert off | lowerPriorityNoAdvert | true
                strict_mode\\ndown_timer_adverts 4  | downTimerAdverts | 3
                strict_mode\\nuse_vmac\\nvmac_xmit_base | virtualMac | transmitOnBase=false
                """)
                .map(line -> DynamicTest.dynamicTest(line[0], () -> {
                    Reading<KeepalivedConfig> reading = read(instance(line[0].replace("\\n", "\n")));
                    VirtualRouterConfig router =
                            reading.get().instances().get(0).router();
                    assertThat(String.valueOf(
                                    VirtualRouterConfig.class.getMethod(line[1]).invoke(router)))
                            .contains(line[2]);
                    assertThat(invalid(reading)).isNotEmpty();
                }));
    }

    /** What keepalived takes without a word, if not as it is meant: a file that runs there runs here, with a warning. */
    @TestFactory
    Stream<DynamicTest> takenWithAWarning() {
        return lines("""
                unicast_ttl 0\\nunicast_peer {\\n10.0.0.2\\n} | transport | ttl=OptionalInt.empty
                unicast_src_ip 10.0.0.1\\nunicast_peer {\\n10.0.0.1\\n10.0.0.2\\n} | transport | peers=[UnicastPeer[address=10.0.0.2,
                authentication {\\nauth_pass x\\n}  | authentication | none
                garp_master_repeat 2000             | announcements | repeat=1000
                virtual_ipaddress_excluded {\\n10.0.0.6 -nodad home\\n} | excludedAddresses | [10.0.0.6/32 dev eth0]
                use_vmac vrrp.51 group 5            | virtualMac | interfaceName=vrrp.51, address=Optional.empty
                """)
                .map(line -> DynamicTest.dynamicTest(line[0], () -> {
                    Reading<KeepalivedConfig> reading = read(instance(line[0].replace("\\n", "\n")));
                    assertThat(reading.findings())
                            .extracting(Finding::severity)
                            .contains(Severity.WARNING)
                            .doesNotContain(Severity.ERROR, Severity.INVALID);
                    assertThat(String.valueOf(VirtualRouterConfig.class
                                    .getMethod(line[1])
                                    .invoke(reading.get().instances().get(0).router())))
                            .contains(line[2]);
                }));
    }

    @Test
    void definitionsWithoutANameAreErrorsAndNothingElse() {
        for (String block : List.of(
                "vrrp_script {\nscript /x",
                "vrrp_script \"\" {\nscript /x",
                "track_file {\nfile /x",
                "vrrp_track_process {\nprocess x",
                "track_group \"\" {\ngroup {\nA\n}")) {
            assertThat(read(block + "\n}\n" + instance("")).errors()).as(block).hasSize(1);
        }
    }

    @Test
    void moreAddressesThanAnAdvertHolds() {
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < 260; i++) {
            addresses
                    .append("10.1.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250 + 1)
                    .append('\n');
        }
        VirtualRouterConfig router = router(GOOD.formatted("", addresses, ""));
        assertThat(router.addresses()).hasSize(255);
        assertThat(router.excludedAddresses()).hasSize(5);
    }

    @Test
    void theSameRouterIdTwiceIsAnErrorUnlessPeersOrGroupsKeepThemApart() {
        String second = instance("%s").replace("instance A", "instance B").replace("10.0.0.5", "10.0.0.6");
        assertThat(read(instance("") + second.formatted("")).errors()).hasSize(1);
        assertThat(read(instance("") + second.formatted("mcast_dst_ip 224.0.0.9"))
                        .errors())
                .isEmpty();
        assertThat(read(instance("unicast_peer {\n10.0.0.2\n}") + second.formatted("unicast_peer {\n10.0.0.3\n}"))
                        .errors())
                .isEmpty();
    }

    @Test
    void thousandsOfInstancesAreReadFromAFewLines() {
        String text = """
                $I= \\
                vrrp_instance V${IF}.${ID} { \\
                interface eth${IF} \\
                virtual_router_id ${ID} \\
                virtual_ipaddress { \\
                10.${IF}.0.${ID} \\
                } \\
                }
                ~SEQ(IF, 0, 39) ~SEQ(ID, 1, 255) $I
                """;
        Reading<KeepalivedConfig> reading = read(text);
        assertThat(reading.get().instances()).hasSize(40 * 255);
        assertThat(reading.findings()).isEmpty();
    }

    @Test
    void directivesOutOfScopeAreWarnedAboutOnceByName() {
        String text = "global_defs {\nsmtp_server 10.0.0.1\nenable_dbus\nenable_snmp_vrrp\nlvs_flush\nvrrp_iptables x\n"
                + "reload_file\nvrrp_delay_after_boot 9\n}\n"
                + "virtual_server 10.0.0.5 80 {\nreal_server 10.0.0.7 80 {\nweight 1\n}\n}\nbfd_instance x {\nneighbor_ip"
                + " 10.0.0.2\n}\nnet_namespace x\n"
                + instance("smtp_alert\ntrack_bfd {\nx\n}\nvrf v\nuse_ipvlan");
        assertThat(read(text).findings())
                .extracting(Finding::directive)
                .containsExactly(
                        "smtp_server",
                        "enable_dbus",
                        "enable_snmp_vrrp",
                        "lvs_flush",
                        "vrrp_iptables",
                        "reload_file",
                        "vrrp_delay_after_boot",
                        "virtual_server",
                        "bfd_instance",
                        "net_namespace",
                        "smtp_alert",
                        "track_bfd",
                        "vrf",
                        "use_ipvlan");
        assertThat(read(text).findings()).extracting(Finding::severity).containsOnly(Severity.WARNING);
    }

    @Test
    void directivesThatOnlyTuneKeepalivedAreTakenWithoutAWord() {
        Map<Unsupported.Place, Function<String, String>> places = new LinkedHashMap<>();
        places.put(Unsupported.Place.TOP, name -> name + " 1\n" + instance(""));
        places.put(Unsupported.Place.GLOBAL, name -> global(name.equals("include_check") ? name : name + " 1"));
        places.put(Unsupported.Place.INSTANCE, name -> instance(name + " 1"));
        places.forEach((place, text) -> {
            for (String name : Unsupported.silent(place)) {
                assertThat(read(text.apply(name)).findings()).as(name).isEmpty();
            }
        });
    }

    @Test
    void anUnknownDirectiveIsReportedAndItsBlockSkipped() {
        Reading<KeepalivedConfig> reading = read(instance("bogus 1 {\n a {\n b\n}\n}\npriority 9"));
        assertThat(reading.get().instances().get(0).priority()).isEqualTo(9);
        assertThat(reading.findings())
                .extracting(it -> it.severity() + " " + it.line() + " " + it.directive())
                .containsExactly("INVALID 4 bogus");
    }

    /** Names of the directives this test has seen a use of; docs/keepalived-conf.md is checked against the readers. */
    @Test
    void noDirectiveIsBothImplementedAndUnsupported() {
        Set<String> twice = new TreeSet<>(Unsupported.silent(Unsupported.Place.INSTANCE));
        twice.retainAll(Unsupported.warned(Unsupported.Place.INSTANCE));
        assertThat(twice).isEmpty();
    }

    private static Stream<String[]> lines(String block) {
        return block.lines()
                .filter(line -> !line.isBlank())
                .map(line -> Stream.of(line.split("\\|")).map(String::strip).toArray(String[]::new));
    }

    private static String instance(String lines) {
        return GOOD.formatted(
                lines,
                "10.0.0.5",
                lines.contains("track_")
                        ? "vrrp_script s {\nscript /bin/true\nweight 6 reverse\n}\ntrack_file f {\nfile /tmp/f\n}\n"
                                + "vrrp_track_process p {\nprocess nginx\n}\n"
                        : "");
    }

    private static String global(String lines) {
        return "global_defs {\n" + lines + "\n}\n" + instance("");
    }

    private static Reading<KeepalivedConfig> read(String text) {
        return KeepalivedReader.read("keepalived.conf", text);
    }

    private static VirtualRouterConfig router(String text) {
        return read(text).get().instances().get(0).router();
    }

    private static List<Finding> invalid(Reading<?> reading) {
        return reading.findings().stream()
                .filter(finding -> finding.severity() == Severity.INVALID)
                .toList();
    }
}
