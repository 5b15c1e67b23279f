// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.route.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.AssertionFailedError;

@ExtendWith(LabExtension.class)
class LabKernelIT {
    @Test
    void cableJoinsTwoNamespacesWithTheSameInterfaceName(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        lab.veth(a, "eth0", b, "eth0");
        a.address("eth0", "10.0.0.1/24");
        b.address("eth0", "10.0.0.2/24");
        assertThat(a.link("eth0").hasCarrier()).isTrue();
        b.down("eth0");
        Lab.eventually(Duration.ofSeconds(5), () -> !a.link("eth0").hasCarrier(), "a sees the carrier go");
        assertThat(a.link("eth0").isUp()).isTrue();
    }

    @Test
    void kernelParametersBelongToTheNamespace(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        a.sysctl("net.ipv4.ip_forward", "1");
        b.sysctl("net.ipv4.ip_forward", "0");
        assertThat(a.sysctl("net.ipv4.ip_forward")).isEqualTo("1");
        assertThat(b.sysctl("net.ipv4.ip_forward")).isEqualTo("0");
        assertThat(a.procNet("snmp")).contains("Ip: Forwarding").contains("Ip: 1 ");
    }

    @Test
    void programsRunInsideAndTheirFailureShowsTheirOutput(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        lab.veth(a, "only-in-a", b, "only-in-b");
        assertThat(a.run("cat", "/proc/net/dev")).contains("only-in-a").doesNotContain("only-in-b");
        assertThat(a.exec("sh", "-c", "exit 3")).isEqualTo(3);
        assertThatThrownBy(() -> a.run("sh", "-c", "echo because; exit 1"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("because");
    }

    @Test
    void rulesAreLoaded(Lab lab) {
        LabNamespace a = lab.namespace("a");
        a.nft("""
                table inet t {
                    chain c {
                        type filter hook input priority 0;
                        counter
                    }
                }
                """);
        assertThat(a.run("nft", "list", "ruleset")).contains("table inet t");
    }

    @Test
    void bridgeSwitchesBetweenThree(Lab lab) {
        LabNamespace lan = lab.namespace("lan");
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        lab.veth(a, "eth0", lan, "a");
        lab.veth(b, "eth0", lan, "b");
        lan.bridge("br0", "a", "b");
        assertThat(lan.link("a").master()).isEqualTo(lan.index("br0"));
    }

    /** A killed orphan may stay a zombie until its new parent looks; that one has no command line any more. */
    private static boolean isRunning(String pid) {
        Path commandLine = Path.of("/proc", pid, "cmdline");
        try {
            return Files.exists(commandLine) && Files.readAllBytes(commandLine).length > 0;
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void closingLeavesNoProcessNoLinkAndNoFile() {
        Requires.root();
        Lab lab = Lab.open();
        LabNamespace a = lab.namespace("a");
        lab.veth(a, "eth0", lab.namespace("b"), "eth0");
        LabProcess child = a.start("sleep", "1000");
        // A daemon: its parent ends, so that only its namespace tells where it belongs.
        String daemon =
                a.run("sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!").trim();
        // In the middle of an execve there is no command line, and there are two.
        Lab.eventually(Duration.ofSeconds(5), () -> isRunning(daemon), "the daemon runs");
        Path directory = lab.directory();
        lab.close();
        assertThat(child.isAlive()).isFalse();
        assertThat(isRunning(daemon)).isFalse();
        assertThat(Files.exists(directory)).isFalse();
        lab.close();
    }

    @Test
    void powerLossTakesTheLinksAndTheNameCanBeUsedAgain(Lab lab) {
        LabNamespace lan = lab.namespace("lan");
        lab.veth(lab.namespace("node"), "eth0", lan, "port");
        lab.namespace("node").close();
        Optional<Link> gone = lan.route(r -> r.link("port"));
        assertThat(gone).isEmpty();
        lab.veth(lab.namespace("node"), "eth0", lan, "port");
        assertThat(lan.link("port").hasCarrier()).isTrue();
    }

    @Test
    void waitingForWhatNeverComesSaysWhatWasAwaited() {
        assertThatThrownBy(() -> Lab.eventually(Duration.ofMillis(20), () -> false, "pigs fly"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("pigs fly");
    }
}
