// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client of the installed conntrackd drives our daemon, as scripts do: one request after the other. */
@ExtendWith(LabExtension.class)
@Timeout(120)
class ConntrackdClientInteropIT {
    private static final String FLOW = "src=172.16.0.10 dst=10.15.7.1 sport=4242 dport=80";

    private FirewallHost host;
    private String clientConf;

    @Test
    void everyRequestOfAScriptIsServed(Lab lab) {
        Requires.program("conntrackd");
        Requires.program("conntrack");
        host = new FirewallHost(lab, 1);
        LabProcess daemon = FirewallHost.running(host.daemon(host.keepalivedConf(), host.conntrackdConf()));
        // The same file, but for the socket's path: the daemon has a /run of its own.
        String socket = host.controlSocket().toString();
        clientConf = host.write("client.conf", host.conntrackdConf().replace("/var/run/conntrackd.ctl", socket))
                .toString();
        Lab.eventually(FirewallHost.PATIENCE, () -> host.holds("10.15.7.100"), "the only firewall is active");

        dumps();
        statistics();
        commitFlushResync();
        kernelFlush();

        client("-k");
        Lab.eventually(FirewallHost.PATIENCE, () -> !daemon.isAlive(), "-k ends the daemon");
        assertThat(host.controlSocket()).doesNotExist();
        assertThat(host.lockFile()).doesNotExist();
    }

    private void dumps() {
        insertFlow();
        Lab.eventually(FirewallHost.PATIENCE, () -> client("-i").contains(FLOW), "-i shows the flow");
        assertThat(client("-i")).contains("tcp      6 ESTABLISHED " + FLOW).contains("[active since ");
        assertThat(client("-i", "-x")).contains("<sport>4242</sport>");
        assertThat(client("-e")).doesNotContain("src=");
        assertThat(client("-e", "-x")).doesNotContain("<flow>");
    }

    private void statistics() {
        assertThat(client("-s"))
                .contains("cache internal:\ncurrent active connections:\t           1\n")
                .contains("cache external:\ncurrent active connections:\t           0\n")
                .contains("UDP traffic (active device=eth2):");
        assertThat(client("-s", "network")).contains("Malformed messages:");
        assertThat(client("-s", "cache")).contains("cache:internal\tactive objects:");
        assertThat(client("-s", "runtime")).contains("daemon uptime: 0 min");
        assertThat(client("-s", "link")).contains("UDP traffic device=eth2 status=RUNNING role=ACTIVE:");
        assertThat(client("-s", "queue")).contains("queue rsqueue:");
    }

    /** What primary-backup.sh does: -c, -f, -R, -B; and what it does on the standby: -t, -n. */
    private void commitFlushResync() {
        client("-c");
        client("-f");
        assertThat(client("-i")).doesNotContain(FLOW);
        client("-R");
        assertThat(client("-i")).contains(FLOW);
        client("-f", "internal");
        assertThat(client("-i")).doesNotContain(FLOW);
        client("-f", "external");
        client("-R");
        client("-B");
        client("-n");
        client("-t");
        client("-c"); // cancels the purge that -t armed
        assertThat(client("-i")).contains(FLOW);
    }

    private void kernelFlush() {
        client("-F");
        Lab.eventually(FirewallHost.PATIENCE, () -> !client("-i").contains(FLOW), "-F empties the kernel's table");
        assertThat(host.namespace().run("conntrack", "-L")).doesNotContain("sport=4242");
    }

    private void insertFlow() {
        host.namespace()
                .run(
                        "conntrack",
                        "-I",
                        "-p",
                        "tcp",
                        "-s",
                        "172.16.0.10",
                        "-d",
                        "10.15.7.1",
                        "--sport",
                        "4242",
                        "--dport",
                        "80",
                        "--state",
                        "ESTABLISHED",
                        "-u",
                        "ASSURED,SEEN_REPLY",
                        "-t",
                        "600");
    }

    private String client(String... options) {
        String[] command = new String[options.length + 3];
        command[0] = "conntrackd";
        command[1] = "-C";
        command[2] = clientConf;
        System.arraycopy(options, 0, command, 3, options.length);
        return host.namespace().run(command);
    }
}
