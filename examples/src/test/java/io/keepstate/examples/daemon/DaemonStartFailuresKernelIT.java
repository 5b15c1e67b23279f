// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.control.ControlRequest;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import io.keepstate.linux.socket.UdpSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever the environment lacks, the daemon says so in one sentence with the remedy, ends with code 1 and leaves nothing
 * behind; and what a killed one left is taken over.
 *
 * <p>A kernel without connection tracking cannot be made in a namespace: {@link WithoutNetfilterNetlink} shows it.
 */
@ExtendWith(LabExtension.class)
class DaemonStartFailuresKernelIT {
    private static final List<String> ADDRESSES =
            List.of("10.15.7.100", "172.16.0.100", "2001:db8:15:7::100", "2001:db8:16:10::100");

    private FirewallHost host;

    @BeforeEach
    void firewall(Lab lab) {
        host = new FirewallHost(lab, 1);
    }

    @Test
    void a_value_is_missing_in_the_configuration() {
        String broken = host.conntrackdConf().replace("Port 3780", "");
        fails(host.daemon(host.keepalivedConf(), broken), ".*conf:8: UDP: this block lacks Port.*add it");
    }

    @Test
    void a_configuration_file_is_missing() {
        fails(
                host.start(List.of(), "--keepalived-conf", "/run/none.conf"),
                ".*/run/none.conf: there is no such file: check the path.*");
    }

    @Test
    void a_configuration_file_is_a_directory() {
        fails(host.start(List.of(), "--conntrackd-conf", "/run"), ".*/run: this is a directory: name the.*");
    }

    @Test
    void a_configuration_file_cannot_be_read() throws IOException {
        Requires.program("setpriv");
        Path file = host.write("keepalived.conf", host.keepalivedConf());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        fails(
                host.start(without("dac_override", "dac_read_search"), "--keepalived-conf", file.toString()),
                ".*: no permission to read this file: run as its owner or as root.*");
    }

    @Test
    void the_interface_of_an_instance_is_missing() {
        fails(
                host.daemon(host.keepalivedConf().replace("interface eth1", "interface eth9"), host.conntrackdConf()),
                ".*virtual router I1: there is no interface eth9 here; create it before the start, or correct the name");
    }

    @Test
    void the_interface_of_a_virtual_address_is_missing() {
        fails(
                host.daemon(host.keepalivedConf().replace("/64 dev eth1", "/64 dev eth9"), host.conntrackdConf()),
                ".*virtual router I1: there is no interface eth9 here; create it before the start, or correct the name");
    }

    @Test
    void the_interface_of_the_link_is_missing() {
        fails(
                host.daemon(host.keepalivedConf(), host.conntrackdConf().replace("Interface eth2", "Interface eth9")),
                ".*sync link: there is no interface eth9 here; create it before the start, or correct the name");
    }

    @Test
    void the_address_of_the_link_is_not_on_the_machine() {
        String elsewhere = host.conntrackdConf().replace("IPv4_address 10.0.0.1\n", "IPv4_address 10.0.0.9\n");
        fails(
                host.daemon(host.keepalivedConf(), elsewhere),
                ".*sync link: 10.0.0.9 is no address of this machine: add it to interface eth2, or.*");
    }

    @Test
    void the_port_of_the_link_is_in_use(Lab lab) throws Exception {
        UdpSocket other = lab.closing(host.namespace().call(() -> UdpSocket.open(IpFamily.IPV4)));
        other.bind(Endpoint.of("10.0.0.1", 3780));
        fails(
                host.daemon(host.keepalivedConf(), host.conntrackdConf()),
                ".*sync link: UDP port 3780 of 10.0.0.1 is in use: stop the other program.*");
    }

    @Test
    void there_is_no_right_to_administrate_the_network() {
        Requires.program("setpriv");
        fails(
                startBoth(without("net_admin")),
                ".*no CAP_NET_ADMIN, which addresses and connection tracking need: run it as root or give it.*");
    }

    @Test
    void there_is_no_right_to_raw_sockets() {
        Requires.program("setpriv");
        fails(
                startBoth(without("net_raw")),
                ".*no CAP_NET_RAW, which VRRP needs: run it as root or give it that capability");
    }

    @Test
    void there_is_no_right_over_this_network_though_the_capabilities_are_there() {
        fails(
                startBoth(List.of("unshare", "--user", "--map-root-user", "--")),
                ".*the node has no right to use this network .*EPERM.*run it as root, or with CAP_NET_ADMIN and.*");
    }

    @Test
    void the_kernel_has_no_netfilter_netlink() {
        fails(
                startBoth(WithoutNetfilterNetlink.wrapper()),
                ".*connection tracking: no netfilter netlink here .*EPROTONOSUPPORT.*modprobe nf_conntrack_netlink");
    }

    @Test
    void the_directory_of_the_log_file_is_missing() {
        fails(
                host.daemon(
                        host.keepalivedConf(),
                        host.conntrackdConf().replace("LogFile on", "LogFile /var/log/none/x.log")),
                ".*cannot write the log file /var/log/none/x.log .*check that its directory exists.*change LogFile");
    }

    @Test
    void the_directory_of_the_lock_file_is_missing() {
        fails(
                host.daemon(
                        host.keepalivedConf(),
                        host.conntrackdConf().replace("/var/lock/conntrack", "/run/none/conntrack")),
                ".*cannot make the lock file /run/none/conntrack.lock .*check that its directory exists.*LockFile");
    }

    @Test
    void the_directory_of_the_control_socket_is_missing() {
        fails(
                host.daemon(
                        host.keepalivedConf(),
                        host.conntrackdConf().replace("/var/run/conntrackd", "/run/none/conntrackd")),
                ".*cannot open the control socket /run/none/conntrackd.ctl .*check that its directory exists.*");
    }

    @Test
    void a_file_is_in_the_place_of_the_control_socket() throws IOException {
        Files.writeString(host.controlSocket(), "precious");
        LabProcess daemon = host.daemon(host.keepalivedConf(), host.conntrackdConf());
        assertThat(daemon.await(FirewallHost.PATIENCE)).isOne();
        saysOnce(daemon, ".*something that is no socket is in its place; move it away, or change UNIX.*");
        assertThat(Files.readString(host.controlSocket())).isEqualTo("precious");
        assertThat(host.lockFile()).doesNotExist();
    }

    @Test
    void ipv6_is_off_and_the_group_serves_without_the_addresses_that_it_does_not_advertise() {
        host.namespace().sysctl("net.ipv6.conf.all.disable_ipv6", "1");
        LabProcess daemon = FirewallHost.running(host.daemon(host.keepalivedConf(), host.conntrackdConf()));
        Lab.eventually(
                FirewallHost.PATIENCE,
                () -> daemon.output().contains("2001:db8:15:7::100"),
                "it names the address that could not be added");
        Lab.eventually(
                FirewallHost.PATIENCE,
                () -> host.holds("10.15.7.100") && host.holds("172.16.0.100"),
                "it serves with the others");
        assertThat(daemon.output()).doesNotContain("giving the role away");
        daemon.terminate();
        assertThat(daemon.await(FirewallHost.PATIENCE)).isZero();
        nothingLeft();
    }

    @Test
    void a_living_daemon_keeps_its_lock_and_its_socket() {
        LabProcess first = FirewallHost.running(host.daemon(host.keepalivedConf(), host.conntrackdConf()));
        LabProcess second = host.daemon(host.keepalivedConf(), host.conntrackdConf());
        assertThat(second.await(FirewallHost.PATIENCE)).isOne();
        saysOnce(
                second,
                ".*lockfile `.*conntrack.lock' exists, .*It belongs to process " + first.pid()
                        + ": stop that daemon.*");
        assertThat(host.ask(ControlRequest.STATS)).contains("cache internal:");
        assertThat(host.lockFile()).exists();
    }

    @Test
    void sigterm_ends_with_code_0_and_leaves_nothing() {
        LabProcess daemon = active();
        assertThat(host.lockFile()).exists();
        daemon.terminate();
        assertThat(daemon.await(FirewallHost.PATIENCE)).isZero();
        nothingLeft();
        assertThat(daemon.output()).doesNotContain("ERROR", "Exception");
    }

    @Test
    void sigterm_in_the_middle_of_the_start_leaves_nothing() {
        LabProcess daemon = host.daemon(host.keepalivedConf(), host.conntrackdConf());
        Lab.eventually(FirewallHost.PATIENCE, () -> Files.exists(host.lockFile()), "it has its lock");
        daemon.terminate();
        assertThat(daemon.await(FirewallHost.PATIENCE)).as(daemon.output()).isZero();
        nothingLeft();
    }

    @Test
    void what_a_killed_daemon_left_is_taken_over() throws Exception {
        LabProcess killed = active();
        killed.close();
        assertThat(host.lockFile()).exists();
        assertThat(host.controlSocket()).exists();
        assertThat(ADDRESSES).allMatch(host::holds);

        LabProcess next = FirewallHost.running(host.daemon(host.keepalivedConf(), host.conntrackdConf()));
        // As a backup that waits for an active router it must not answer for its addresses.
        Lab.eventually(Duration.ofSeconds(2), () -> ADDRESSES.stream().noneMatch(host::holds), "stale addresses go");
        assertThat(next.output()).contains("took over the lock file").contains("process " + killed.pid());
        assertThat(host.ask(ControlRequest.STATS)).contains("cache internal:");
        Lab.eventually(FirewallHost.PATIENCE, () -> ADDRESSES.stream().allMatch(host::holds), "it becomes active");
        next.terminate();
        assertThat(next.await(FirewallHost.PATIENCE)).isZero();
        nothingLeft();
    }

    private LabProcess active() {
        LabProcess daemon = FirewallHost.running(host.daemon(host.keepalivedConf(), host.conntrackdConf()));
        Lab.eventually(FirewallHost.PATIENCE, () -> ADDRESSES.stream().allMatch(host::holds), "it becomes active");
        return daemon;
    }

    private LabProcess startBoth(List<String> wrapper) {
        return host.start(
                wrapper,
                "--keepalived-conf",
                host.write("keepalived.conf", host.keepalivedConf()).toString(),
                "--conntrackd-conf",
                host.write("conntrackd.conf", host.conntrackdConf()).toString());
    }

    /** A root without these rights, as a service manager makes it. */
    private static List<String> without(String... capabilities) {
        String dropped = "-" + String.join(",-", capabilities);
        return List.of("setpriv", "--inh-caps", dropped, "--bounding-set", dropped, "--");
    }

    private void fails(LabProcess daemon, String sentence) {
        assertThat(daemon.await(FirewallHost.PATIENCE)).as(daemon.output()).isOne();
        saysOnce(daemon, sentence);
        nothingLeft();
    }

    private static void saysOnce(LabProcess daemon, String sentence) {
        assertThat(daemon.output().lines().filter(line -> line.contains(" ERROR ")))
                .as(daemon.output())
                .filteredOn(line -> !line.contains("the configuration cannot be used: mend the errors above"))
                .singleElement()
                .asString()
                .matches(sentence);
        assertThat(daemon.output()).doesNotContain("\tat ", "shutdown received");
    }

    private void nothingLeft() {
        assertThat(host.controlSocket()).doesNotExist();
        assertThat(host.lockFile()).doesNotExist();
        assertThat(ADDRESSES).noneMatch(host::holds);
    }
}
