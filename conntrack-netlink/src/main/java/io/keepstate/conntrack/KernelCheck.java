// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.NatChains;
import io.keepstate.linux.socket.NetlinkSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Looks at what a state synchroniser needs of this machine and what is often missing. For the start of a program; reads
 * /proc and asks nftables for its chains, in the network namespace of the calling thread.
 */
public final class KernelCheck {
    private static final Path SYSCTLS = Path.of("/proc/sys/net/netfilter");
    private static final Path LEGACY_TABLES = Path.of("/proc/thread-self/net/ip_tables_names");
    private static final int SLICE = 64;

    private KernelCheck() {}

    /**
     * What should be changed; empty when nothing.
     *
     * @param expectedFlows how many flows the machine is to hold (conntrackd: HashLimit)
     */
    public static List<Finding> run(long expectedFlows) {
        List<Finding> findings = new ArrayList<>();
        natHook(findings);
        sysctl("nf_conntrack_buckets").ifPresent(buckets -> buckets(findings, buckets, expectedFlows));
        sysctl("nf_conntrack_max").ifPresent(maximum -> maximum(findings, maximum, expectedFlows));
        sysctl("nf_conntrack_events").ifPresent(mode -> events(findings, mode));
        return findings;
    }

    private static void natHook(List<Finding> findings) {
        if (!hasNatChain() && !legacyNatTable()) {
            findings.add(new Finding(
                    Finding.Subject.NAT_HOOK,
                    "no nat chain in this network namespace: committed flows with NAT would pass untranslated;"
                            + " load the same ruleset as on the other firewall before taking over"));
        }
    }

    /** Whether nftables (iptables-nft included) has a chain of type nat here. */
    public static boolean hasNatChain() {
        NatChains chains = new NatChains();
        ByteBuf request = Unpooled.directBuffer(NatChains.REQUEST_OCTETS);
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            NatChains.request(request, 1);
            if (socket.send(request) < 0) {
                return false;
            }
            while (socket.receive(chains::read, SLICE) > 0) {
                // each part of the dump
            }
            return chains.found();
        } finally {
            request.release();
        }
    }

    private static boolean legacyNatTable() {
        try {
            return Files.readAllLines(LEGACY_TABLES).contains("nat");
        } catch (IOException e) {
            return false; // no legacy iptables in this kernel
        }
    }

    private static void buckets(List<Finding> findings, long buckets, long expectedFlows) {
        if (buckets < expectedFlows / 2) {
            findings.add(new Finding(
                    Finding.Subject.BUCKETS,
                    "net.netfilter.nf_conntrack_buckets is " + buckets + " for " + expectedFlows
                            + " expected flows: commits take two to three times as long; set it to "
                            + expectedFlows / 2 + " or more (in the initial network namespace)"));
        }
    }

    private static void maximum(List<Finding> findings, long maximum, long expectedFlows) {
        if (maximum != 0 && maximum < expectedFlows) {
            findings.add(new Finding(
                    Finding.Subject.MAXIMUM,
                    "net.netfilter.nf_conntrack_max is " + maximum + ", fewer than the " + expectedFlows
                            + " expected flows: a takeover could not commit them all; raise it"));
        }
    }

    private static void events(List<Finding> findings, long mode) {
        if (mode == 0) {
            findings.add(new Finding(
                    Finding.Subject.EVENTS,
                    "net.netfilter.nf_conntrack_events is 0: the kernel tells nothing about connections and nothing"
                            + " can be synchronised; set it to 1"));
        } else if (mode == 2) {
            findings.add(new Finding(
                    Finding.Subject.EVENTS,
                    "net.netfilter.nf_conntrack_events is 2 (automatic): flows that began while nobody listened never"
                            + " send an event, not even their end; set it to 1"));
        }
    }

    /** A number of net.netfilter, empty if this kernel has none of that name. */
    static OptionalLong sysctl(String name) {
        try {
            // By lines: readAllBytes begins with one octet, and the kernel gives a number to one read only.
            List<String> lines = Files.readAllLines(SYSCTLS.resolve(name), StandardCharsets.US_ASCII);
            return OptionalLong.of(Long.parseLong(String.join("", lines).trim()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty(); // not in this kernel, or not shown in this namespace
        }
    }
}
