// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.examples.daemon.Wiretap.Frame;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every directive of the reference files has its effect on a running pair. The story is told once, before the tests: both
 * daemons start, flows appear on the first, its outside leg loses its cable, and gets it back. Each test then looks at
 * what was seen of one directive.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferenceDirectivesKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TCP_FLOWS = 50;
    /** Of the second node, so that the limit is met; the first has the reference file's. */
    private static final int SMALL_LIMIT = 30;

    private static final List<String> INSIDE = List.of("172.16.0.100", "2001:db8:16:10::100");
    private static final List<String> OUTSIDE = List.of("10.15.7.100", "2001:db8:15:7::100");

    private Lab lab;
    private FirewallHost first;
    private FirewallHost second;
    private LabProcess firstDaemon;
    private LabProcess secondDaemon;
    private Wiretap tap;
    private UnixDatagramChannel syslog;
    private Path scripts;

    private boolean heldAddressesWhileBackup;
    private String internal;
    private String external;
    private String runtime;
    private String secondCaches;
    private String link;
    private String sockets;
    private String netlinkSockets;
    private long secondFlowsBeforeTakeover;
    private List<Flow> committed;
    private String firstAddresses;
    private Duration purgedAfter;
    private boolean bothLegsMoved;

    @BeforeAll
    void story() throws Exception {
        Requires.root();
        lab = Lab.open();
        first = new FirewallHost(lab, 1);
        second = new FirewallHost(lab, 2);
        FirewallHost.join(lab, first, second);
        tap = lab.closing(new Wiretap(lab.namespace("wires")));
        scripts = Files.createDirectory(lab.directory().resolve("scripts"));
        syslog = lab.closing(UnixDatagramChannel.open());
        syslog.bind(new UnixSocketAddress(first.file("/dev/log").toFile()));
        start();
        flowsAppear();
        theFirstLosesItsOutsideLeg();
        theFirstComesBack();
    }

    @AfterAll
    void end() {
        if (lab != null) {
            lab.close();
        }
    }

    private void start() {
        firstDaemon = first.daemon(withScripts(first.keepalivedConf()), first.conntrackdConf());
        Lab.eventually(PATIENCE, () -> firstDaemon.output().contains("G1: backup"), "the first begins as backup");
        heldAddressesWhileBackup = first.holds(INSIDE.get(0));
        secondDaemon = second.daemon(
                second.keepalivedConf(),
                second.conntrackdConf()
                        .replace("HashLimit 131072", "HashLimit " + SMALL_LIMIT)
                        .replace("Checksum on", "Checksum off")
                        .replace("LogFile on", "LogFile off"));
        Lab.eventually(PATIENCE, () -> holdsAll(first), "the first is active: " + firstDaemon.output());
        Lab.eventually(PATIENCE, () -> secondDaemon.output().contains("peer connected"), "the second hears the first");
        firstAddresses = first.namespace().run("ip", "-o", "address", "show");
    }

    private void flowsAppear() throws Exception {
        first.namespace().call(() -> {
            try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS)) {
                for (Flow flow : flows()) {
                    assertThat(conntrack.create(flow, 3600)).as(flow.toString()).isTrue();
                }
            }
            return null;
        });
        Lab.eventually(PATIENCE, () -> tcpLines(first.ask(ControlRequest.DUMP_INTERNAL)) == TCP_FLOWS, "flows learnt");
        Lab.eventually(
                PATIENCE,
                () -> second.ask(ControlRequest.STATS_CACHE)
                        .contains("active/total entries:\t\t" + "          " + SMALL_LIMIT),
                "the second has as many as it may: " + second.ask(ControlRequest.STATS_CACHE));
        internal = first.ask(ControlRequest.DUMP_INTERNAL);
        external = second.ask(ControlRequest.DUMP_EXTERNAL);
        runtime = first.ask(ControlRequest.STATS_RUNTIME);
        link = first.ask(ControlRequest.STATS_LINK);
        sockets = first.namespace().run("ss", "-uanm");
        netlinkSockets = first.namespace().run("ss", "-f", "netlink", "-anm");
        secondCaches = second.ask(ControlRequest.STATS_CACHE);
        secondFlowsBeforeTakeover = kernelFlows(second).size();
    }

    private void theFirstLosesItsOutsideLeg() throws Exception {
        long cut = System.nanoTime();
        lab.namespace("wires").down("w1");
        Lab.eventually(PATIENCE, () -> holdsAll(second), "the second took over: " + secondDaemon.output());
        bothLegsMoved =
                INSIDE.stream().noneMatch(first::holds) && OUTSIDE.stream().noneMatch(first::holds);
        committed = kernelFlows(second);
        Lab.eventually(PATIENCE, () -> firstDaemon.output().contains("purge of the kernel's flows"), "purge is armed");
        while (!kernelFlows(first).isEmpty() && System.nanoTime() - cut < PATIENCE.toNanos()) {
            Thread.sleep(20);
        }
        purgedAfter = Duration.ofNanos(System.nanoTime() - cut);
    }

    private void theFirstComesBack() {
        lab.namespace("wires").up("w1");
        Lab.eventually(PATIENCE, () -> holdsAll(first), "the first preempts: " + firstDaemon.output());
        long since = System.nanoTime();
        Lab.eventually(
                PATIENCE,
                () -> announcements(since - 1_000_000_000L).size() >= 10,
                "two bursts of five announcements: " + announcements(0).size());
        Lab.eventually(PATIENCE, () -> ran("master").size() >= 2, "the scripts ran");
    }

    // ---- conntrackd.conf, Sync

    @Test
    void mode_ftfw_brings_the_flows_to_the_peer() {
        assertThat(external.lines()).hasSize(SMALL_LIMIT);
        assertThat(external.lines().map(ReferenceDirectivesKernelIT::tuple))
                .isSubsetOf(
                        internal.lines().map(ReferenceDirectivesKernelIT::tuple).toList());
    }

    @Test
    void disable_external_cache_off_keeps_the_peers_flows_out_of_the_kernel() {
        assertThat(secondFlowsBeforeTakeover).isZero();
        assertThat(committed).isNotEmpty();
    }

    @Test
    void commit_timeout_is_the_lifetime_of_committed_flows() {
        assertThat(committed).hasSize(SMALL_LIMIT);
        assertThat(committed).allMatch(flow -> flow.timeoutSeconds() > 1700 && flow.timeoutSeconds() <= 1800);
    }

    @Test
    void purge_timeout_passes_before_the_kernels_flows_are_deleted() {
        assertThat(firstDaemon.output()).contains("purge of the kernel's flows in 5000 ms");
        assertThat(purgedAfter).isBetween(Duration.ofSeconds(5), PATIENCE);
    }

    @Test
    void ipv4_address_and_port_are_where_the_link_listens() {
        assertThat(sockets).containsPattern("10\\.0\\.0\\.1:3780\\s");
    }

    @Test
    void ipv4_destination_address_and_port_are_where_datagrams_go() {
        assertThat(sync("10.0.0.1"))
                .isNotEmpty()
                .allMatch(frame -> frame.destination().equals("10.0.0.2"));
    }

    @Test
    void interface_of_the_link_is_the_one_used_and_watched() {
        assertThat(sync("10.0.0.1")).allMatch(frame -> frame.port().equals("s1"));
        assertThat(link).contains("device=eth2 status=RUNNING");
    }

    @Test
    void rcv_socket_buffer_is_that_of_the_receiving_socket() {
        // The kernel doubles what it is asked for (socket(7)).
        assertThat(sockets).containsPattern("10\\.0\\.0\\.1:3780[^\\n]*\\n?[^\\n]*rb2498560,");
    }

    @Test
    void snd_socket_buffer_is_that_of_the_sending_socket() {
        assertThat(sockets).containsPattern("tb2498560,");
    }

    @Test
    void checksum_on_and_off_are_seen_on_the_wire() {
        assertThat(sync("10.0.0.1")).isNotEmpty().allMatch(frame -> frame.udpChecksum() != 0);
        assertThat(sync("10.0.0.2")).isNotEmpty().allMatch(frame -> frame.udpChecksum() == 0);
    }

    // ---- conntrackd.conf, General

    @Test
    void nice_hash_size_and_backlog_only_warn() {
        assertThat(firstDaemon.output().lines().filter(line -> line.contains("conntrackd.conf:")))
                .extracting(line -> line.replaceAll("\\S+ (\\w+) .*conntrackd.conf:(\\d+): (\\w+):.*", "$2 $1 $3"))
                .containsExactly("20 WARN Nice", "21 INFO HashSize", "28 WARN Backlog");
    }

    @Test
    void hash_limit_bounds_the_caches_and_is_counted() {
        Matcher refused = Pattern.compile("cache:external.*?no space left in cache:\\s+(\\d+)", Pattern.DOTALL)
                .matcher(secondCaches);
        assertThat(refused.find()).as(secondCaches).isTrue();
        assertThat(Integer.parseInt(refused.group(1))).isPositive();
        assertThat(external.lines()).hasSize(SMALL_LIMIT);
    }

    @Test
    void log_file_on_and_off() throws IOException {
        assertThat(Files.readString(first.file("/var/log/conntrackd.log")))
                .containsPattern("\\[\\w{3} \\w{3} .*\\] \\(pid=" + firstDaemon.pid() + "\\) \\[notice\\] .*G1");
        assertThat(second.file("/var/log/conntrackd.log")).doesNotExist();
    }

    @Test
    void syslog_on_writes_to_the_local_syslog() throws IOException {
        syslog.configureBlocking(false);
        List<String> messages = new ArrayList<>();
        ByteBuffer message = ByteBuffer.allocate(4096);
        try {
            while (syslog.receive(message) != null) {
                messages.add(StandardCharsets.UTF_8.decode(message.flip()).toString());
                message.clear();
            }
        } catch (IOException noMore) {
            // This library reports EAGAIN so.
        }
        // Nobody reads meanwhile, and a datagram socket holds eleven messages: an early one.
        // <29>: facility daemon (3), severity notice (5)
        assertThat(messages)
                .anyMatch(text -> text.startsWith("<29>")
                        && text.contains("conntrack-tools[" + firstDaemon.pid() + "]: ")
                        && text.contains("using user-space event filtering"));
    }

    @Test
    void lock_file_is_where_it_is_said_to_be() throws IOException {
        assertThat(Files.readString(first.lockFile())).startsWith(firstDaemon.pid() + "\n");
    }

    @Test
    void unix_path_is_where_the_daemon_answers() {
        assertThat(first.ask(ControlRequest.STATS)).contains("cache internal:");
    }

    @Test
    void netlink_buffer_size_is_that_of_the_event_socket() {
        assertThat(runtime).containsPattern("current buffer size \\(in bytes\\):\\s+2097152");
        assertThat(netlinkSockets).contains("rb4194304,"); // doubled by the kernel
    }

    @Test
    void filter_from_userspace_counts_what_does_not_pass() {
        Matcher filtered = Pattern.compile("events filtered:\\s+(\\d+)").matcher(runtime);
        assertThat(filtered.find()).isTrue();
        assertThat(Integer.parseInt(filtered.group(1))).isGreaterThanOrEqualTo(3);
    }

    @Test
    void protocol_accept_lets_four_protocols_through_and_no_other() {
        assertThat(internal).contains("tcp ", "udp ", "icmp ", "icmpv6 ").doesNotContain("gre ", "unknown ");
    }

    @Test
    void address_ignore_keeps_flows_of_the_firewalls_themselves_local() {
        assertThat(internal)
                .doesNotContain("src=172.16.0.101 dst=10.15.7.1")
                .doesNotContain("src=2001:db8:16:10::101 ")
                .contains("src=172.16.0.10 ");
    }

    // ---- keepalived.conf

    @Test
    void vrrp_sync_group_moves_both_legs() {
        assertThat(bothLegsMoved).isTrue();
    }

    @Test
    void interface_of_an_instance_is_where_it_speaks() {
        assertThat(adverts("w1", 61)).isNotEmpty();
        assertThat(adverts("l1", 62)).isNotEmpty();
    }

    @Test
    void virtual_router_id_is_in_the_adverts_of_its_instance_only() {
        assertThat(tap.frames(frame -> frame.isAdvert() && frame.port().equals("w1")))
                .allMatch(frame -> frame.advert(1) == 61);
        assertThat(tap.frames(frame -> frame.isAdvert() && frame.port().equals("l1")))
                .allMatch(frame -> frame.advert(1) == 62);
    }

    @Test
    void state_backup_begins_without_the_addresses() {
        assertThat(heldAddressesWhileBackup).isFalse();
    }

    @Test
    void priority_is_advertised_and_the_higher_wins() {
        assertThat(adverts("w1", 61).get(0).advert(2)).isEqualTo(100);
        assertThat(adverts("w2", 61)).anyMatch(frame -> frame.advert(2) == 50);
        assertThat(holdsAll(first)).isTrue();
        assertThat(INSIDE).noneMatch(second::holds);
    }

    @Test
    void advert_int_is_advertised_and_kept() {
        List<Frame> adverts = adverts("l1", 62);
        assertThat(adverts).allMatch(frame -> frame.advert(5) == 1);
        // The first one answers the lower router's; those after it keep the interval. Late they may be, never early.
        long soonest = Long.MAX_VALUE;
        for (int i = 2; i < 4; i++) {
            soonest = Math.min(
                    soonest, adverts.get(i).nanos() - adverts.get(i - 1).nanos());
        }
        assertThat(Duration.ofNanos(soonest)).isGreaterThan(Duration.ofMillis(700));
    }

    @Test
    void authentication_pass_is_in_the_adverts() {
        Frame advert = adverts("w1", 61).get(0);
        assertThat(advert.advert(4)).isEqualTo(1);
        byte[] password = java.util.Arrays.copyOfRange(advert.octets(), 14 + 20 + 12, 14 + 20 + 20);
        assertThat(password).asString(StandardCharsets.US_ASCII).isEqualTo("zzzz\0\0\0\0");
    }

    @Test
    void virtual_ipaddress_is_advertised_and_on_its_interface_with_its_prefix() {
        Frame advert = adverts("w1", 61).get(0);
        assertThat(advert.advert(3)).isOne();
        assertThat(advert.address(14 + 20 + 8)).isEqualTo("10.15.7.100");
        assertThat(firstAddresses)
                .containsPattern("eth0\\s+inet 10\\.15\\.7\\.100/24")
                .containsPattern("eth1\\s+inet 172\\.16\\.0\\.100/24");
    }

    @Test
    void virtual_ipaddress_of_ipv6_is_installed_as_if_it_were_excluded() {
        assertThat(firstAddresses)
                .containsPattern("eth0\\s+inet6 2001:db8:15:7::100/64")
                .containsPattern("eth1\\s+inet6 2001:db8:16:10::100/64");
        assertThat(firstDaemon.output()).contains("treated as if it stood in virtual_ipaddress_excluded");
    }

    @Test
    void garp_master_delay_is_between_the_two_bursts() {
        List<Frame> announcements = announcements(0);
        // The last takeover's: five and, a second later, five.
        List<Frame> last = announcements.subList(announcements.size() - 10, announcements.size());
        long pause = last.get(5).nanos() - last.get(4).nanos();
        assertThat(Duration.ofNanos(pause)).isBetween(Duration.ofMillis(700), Duration.ofSeconds(5));
    }

    @Test
    void notify_scripts_run_but_the_one_whose_work_the_node_does() {
        assertThat(ran("master")).as("at the start and at the return").hasSize(2);
        assertThat(ran("backup")).isNotEmpty();
        assertThat(ran("fault")).hasSize(1);
        assertThat(ran("steering")).isEmpty();
        assertThat(firstDaemon.output()).contains(": primary-backup.sh: notify lines with this program are not run");
    }

    // ---- alone

    @Test
    void notify_scripts_with_one_file_only_are_all_run() throws Exception {
        try (Lab own = Lab.open()) {
            FirewallHost alone = new FirewallHost(own, 1);
            Path ran = own.directory().resolve("ran");
            Path script = script(own.directory().resolve("primary-backup.sh"), ran);
            String conf = alone.keepalivedConf().replace("/etc/conntrackd/primary-backup.sh", script.toString());
            LabProcess daemon = alone.start(
                    List.of(),
                    "--keepalived-conf",
                    alone.write("keepalived.conf", conf).toString());
            Lab.eventually(PATIENCE, () -> lines(ran).contains("primary"), "it ran: " + daemon.output());
            assertThat(lines(ran)).startsWith("backup");
            daemon.terminate();
            assertThat(daemon.await(PATIENCE)).isZero();
        }
    }

    @Test
    void netlink_buffer_size_max_growth_bounds_the_growth_after_lost_events() throws Exception {
        try (Lab own = Lab.open()) {
            FirewallHost alone = new FirewallHost(own, 1);
            String conf = alone.conntrackdConf()
                    .replace("NetlinkBufferSize 2097152", "NetlinkBufferSize 16384")
                    .replace("MaxGrowth 8388608", "MaxGrowth 32768");
            LabProcess daemon = FirewallHost.running(alone.start(
                    List.of(),
                    "--conntrackd-conf",
                    alone.write("conntrackd.conf", conf).toString()));
            for (int round = 1; round <= 3; round++) {
                int port = 1000 * round;
                signal(daemon, "STOP");
                alone.namespace().call(() -> {
                    try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS)) {
                        for (int i = 0; i < 400; i++) {
                            conntrack.create(tcp(0xac10000a, port + i), 3600);
                        }
                    }
                    return null;
                });
                signal(daemon, "CONT");
                alone.ask(ControlRequest.STATS);
            }
            String grown = alone.ask(ControlRequest.STATS_RUNTIME);
            assertThat(grown).containsPattern("current buffer size \\(in bytes\\):\\s+32768\\n");
            assertThat(grown).containsPattern("netlink overrun:\\s+[1-9]");
            daemon.terminate();
            assertThat(daemon.await(PATIENCE)).isZero();
        }
    }

    private static void signal(LabProcess process, String name) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    // ---- what happened

    private String withScripts(String conf) {
        String notify = "";
        for (String state : List.of("master", "backup", "fault")) {
            Path script = script(scripts.resolve("on-" + state + ".sh"), scripts.resolve(state));
            notify += "    notify_" + state + " \"" + script + " " + state + "\"\n";
        }
        Path steering = script(scripts.resolve("primary-backup.sh"), scripts.resolve("steering"));
        return conf.replace("/etc/conntrackd/primary-backup.sh", steering.toString())
                .replace("vrrp_instance E1 {\n", "vrrp_instance E1 {\n" + notify);
    }

    /** A script that writes its first argument to a file. */
    private static Path script(Path path, Path output) {
        try {
            Files.writeString(path, "#!/bin/sh\necho \"$1\" >>" + output + "\n");
            assertThat(path.toFile().setExecutable(true)).isTrue();
            return path;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> ran(String name) {
        return lines(scripts.resolve(name));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean holdsAll(FirewallHost host) {
        return INSIDE.stream().allMatch(host::holds) && OUTSIDE.stream().allMatch(host::holds);
    }

    /** Adverts that came in by a port of the wires, those of a resignation left out. */
    private List<Frame> adverts(String port, int virtualRouterId) {
        return tap.frames(frame -> frame.isAdvert()
                && frame.port().equals(port)
                && frame.advert(1) == virtualRouterId
                && frame.advert(2) != 0);
    }

    private List<Frame> sync(String source) {
        return tap.frames(frame ->
                frame.isSync() && frame.source().equals(source) && frame.port().startsWith("s"));
    }

    /** The first node's announcements of its inside address. */
    private List<Frame> announcements(long sinceNanos) {
        return tap.frames(
                frame -> frame.port().equals("l1") && frame.announces("172.16.0.100") && frame.nanos() >= sinceNanos);
    }

    private static String tuple(String line) {
        return line.replaceAll(".*?(src=\\S+ dst=\\S+ \\S+ \\S+).*", "$1");
    }

    private static long tcpLines(String dump) {
        return dump.lines().filter(line -> line.startsWith("tcp")).count();
    }

    private static List<Flow> kernelFlows(FirewallHost host) throws Exception {
        return host.namespace().call(() -> {
            try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS)) {
                return conntrack.dumpAll(DumpFilter.ALL).stream()
                        .filter(flow -> flow.original().source().toString().startsWith("172.16.0.10")
                                && flow.original().protocol() == Protocol.TCP
                                && !flow.original().source().toString().equals("172.16.0.101"))
                        .toList();
            }
        });
    }

    private static List<Flow> flows() throws IOException {
        List<Flow> flows = new ArrayList<>();
        for (int i = 0; i < TCP_FLOWS; i++) {
            flows.add(tcp(0xac10000a, 20_000 + i));
        }
        int typeCode = Tuple.icmpTypeAndCode(8, 0);
        flows.add(
                flow(Tuple.ipv4(0xac10000a, 0x0a0f0701, Protocol.UDP, 5000, 53)).build());
        flows.add(flow(Tuple.ipv4(0xac10000a, 0x0a0f0701, Protocol.ICMP, 77, typeCode))
                .build());
        flows.add(flow(ipv6("2001:db8:16:10::10", Protocol.ICMPV6, 78, Tuple.icmpTypeAndCode(128, 0)))
                .build());
        flows.add(flow(Tuple.ipv4(0xac10000a, 0x0a0f0701, Protocol.GRE, 0, 0)).build());
        // From the firewall itself.
        flows.add(tcp(0xac100065, 30_000));
        flows.add(flow(ipv6("2001:db8:16:10::101", Protocol.UDP, 31_000, 53)).build());
        return flows;
    }

    private static Flow tcp(int source, int port) {
        return flow(Tuple.ipv4(source, 0x0a0f0701, Protocol.TCP, port, 443))
                .tcpState(TcpState.ESTABLISHED)
                .build();
    }

    private static io.keepstate.flow.FlowBuilder flow(Tuple tuple) {
        return Flow.builder(tuple)
                .reply(tuple.inverted())
                .status(Status.ASSURED | Status.SEEN_REPLY | Status.CONFIRMED)
                .timeoutSeconds(3600);
    }

    private static Tuple ipv6(String source, int protocol, int sourceId, int destinationId) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(((Inet6Address) InetAddress.getByName(source)).getAddress());
        ByteBuffer to =
                ByteBuffer.wrap(InetAddress.getByName("2001:db8:15:7::1").getAddress());
        return new Tuple(
                io.keepstate.flow.Family.IPV6,
                from.getLong(),
                from.getLong(),
                to.getLong(),
                to.getLong(),
                protocol,
                sourceId,
                destinationId);
    }
}
