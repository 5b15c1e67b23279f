// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One of the two firewalls: the machine, its cables, its rules and the software that makes it a node. Steered by one
 * thread; what only asks ({@link #on}, {@link #active}, {@link #running}, {@link #takeover}, {@link #lastLines}) may be
 * called by any.
 */
public final class FirewallNode {
    private static final int KEPT_LINES = 4;

    /** What our node, or keepalived, says when it stands by. */
    private static final Pattern STANDBY = Pattern.compile("\\bbackup \\(|Entering BACKUP STATE");

    private final int number;
    private final NodeKind kind;
    private final LabOptions options;
    private final Topology topology;
    private final BiConsumer<String, String> listener;

    private final Object lock = new Object();
    private final TakeoverLog takeover = new TakeoverLog();
    private final Deque<String> lastLines = new ArrayDeque<>();
    private VirtualAddresses addresses;
    private boolean active;
    private boolean standsBy;

    private final Deque<Process> monitors = new ArrayDeque<>();
    private volatile @Nullable Machine machine;
    private volatile @Nullable NodeSoftware software;

    /**
     * A firewall that is switched off.
     *
     * @param number 1 or 2, for fw1 and fw2
     * @param listener gets the node's name and each line it logs
     */
    public FirewallNode(int number, LabOptions options, Topology topology, BiConsumer<String, String> listener) {
        this.number = number;
        this.kind = number == 1 ? options.fw1() : options.fw2();
        this.options = options;
        this.topology = topology;
        this.addresses = noAddresses();
        this.listener = listener;
    }

    private VirtualAddresses noAddresses() {
        return new VirtualAddresses(options.layout().groups().stream()
                .flatMap(group -> group.addresses().stream())
                .collect(Collectors.toUnmodifiableSet()));
    }

    public String name() {
        return "fw" + number;
    }

    /** The priority the reference files give this node. */
    public int referencePriority() {
        return number == 1 ? 100 : 50;
    }

    /** Switches the machine on: cables, addresses, rules; no software yet. */
    public void powerOn() {
        Machine on = Machine.boot(name());
        machine = on;
        on.run("""
                echo 1 > /proc/sys/net/ipv4/ip_forward
                echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
                """);
        topology.plug(on);
        int host = 100 + number;
        on.ip("""
                link set eth0 up
                link set eth1 up
                link set eth2 up
                address add 10.15.7.%1$d/24 dev eth0
                address add 2001:db8:15:7::%1$d/64 dev eth0 nodad
                address add 172.16.0.%1$d/24 dev eth1
                address add 2001:db8:16:10::%1$d/64 dev eth1 nodad
                address add 10.0.0.%2$d/24 dev eth2
                """.formatted(host, number));
        on.nft(options.read("firewall.nft"));
        on.run("""
                echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose
                echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal
                """);
        watchAddresses(on);
        software = kind == NodeKind.KEEPSTATE
                ? new KeepstateSoftware(on, options, this::logged)
                : new ClassicSoftware(on, kind, options, this::logged);
    }

    private void watchAddresses(Machine on) {
        VirtualAddresses seen = noAddresses();
        synchronized (lock) {
            addresses = seen;
            active = false;
        }
        Process monitor = Program.start(new ProcessBuilder(
                List.of("nsenter", "-t", Long.toString(on.pid()), "-n", "ip", "-o", "monitor", "address")));
        Program.follow(name() + "-addresses", monitor.getInputStream(), line -> addressLine(seen, line));
        monitors.add(monitor);
    }

    private void addressLine(VirtualAddresses seen, String line) {
        long now = System.currentTimeMillis();
        synchronized (lock) {
            seen.accept(line);
            if (seen != addresses) {
                return;
            }
            if (seen.all() && !active) {
                takeover.addressesSeen(now);
            }
            active = seen.all();
        }
    }

    private void logged(String line) {
        long now = System.currentTimeMillis();
        synchronized (lock) {
            takeover.accept(line, now);
            standsBy |= STANDBY.matcher(line).find();
            lastLines.addLast(line);
            if (lastLines.size() > KEPT_LINES) {
                lastLines.removeFirst();
            }
        }
        listener.accept(name(), line);
    }

    /** Starts the node's software with the reference files. */
    public void start() {
        start(options.read(keepalivedConf()));
    }

    /** Starts the node's software with the reference files, but this priority. */
    public void start(int priority) {
        start(ReferenceFiles.withPriority(options.read(keepalivedConf()), priority));
    }

    private String keepalivedConf() {
        return "keepalived-" + name() + ".conf";
    }

    private void start(String keepalivedConf) {
        NodeSoftware installed = software;
        if (installed == null) {
            throw new IllegalStateException(name() + " is off");
        }
        forgetTakeover();
        synchronized (lock) {
            standsBy = false;
        }
        installed.configure(keepalivedConf, options.read("conntrackd-" + name() + ".conf"));
        installed.start();
    }

    /** Stops the node's software cleanly; the machine stays on. */
    public void stop() {
        NodeSoftware installed = software;
        if (installed != null) {
            installed.stop();
        }
    }

    /** The power fails: no carrier on any of its cables, then no process, no namespace, no /run. */
    public void powerOff() {
        Machine on = machine;
        if (on == null) {
            return;
        }
        topology.unplug(on);
        on.powerOff();
        // They were outside, looking in; their socket would keep the network namespace.
        monitors.forEach(Process::destroyForcibly);
        monitors.clear();
        machine = null;
        software = null;
        synchronized (lock) {
            addresses = noAddresses();
            active = false;
        }
    }

    /** Whether the machine is on. */
    public boolean on() {
        return machine != null;
    }

    /** Whether it holds all virtual addresses. */
    public boolean active() {
        synchronized (lock) {
            return active;
        }
    }

    /** Whether it holds all addresses of this group. */
    public boolean active(AddressGroup group) {
        synchronized (lock) {
            return addresses.all(group);
        }
    }

    /** Whether its software has said, since it was started, that it stands by. */
    public boolean standsBy() {
        synchronized (lock) {
            return standsBy;
        }
    }

    /** Whether its software runs. */
    public boolean running() {
        NodeSoftware installed = software;
        return installed != null && installed.running();
    }

    /** Makes {@link #takeover} start from nothing. */
    public void forgetTakeover() {
        synchronized (lock) {
            takeover.reset();
        }
    }

    /** The steps of the takeover seen since {@link #forgetTakeover}. */
    public TakeoverTimes takeover() {
        synchronized (lock) {
            return takeover.times();
        }
    }

    /** The end of what its software said. */
    public List<String> lastLines() {
        synchronized (lock) {
            return List.copyOf(lastLines);
        }
    }

    /** Begins to watch a group's flows in its kernel; empty where the program for it is missing, or the node is off. */
    public Optional<FlowWatch> watchFlows(AddressGroup group) {
        return Optional.ofNullable(machine).filter(on -> FlowWatch.available()).map(on -> FlowWatch.start(on, group));
    }

    /** What it has forwarded since it was switched on. */
    public ForwardCounters forwarded() {
        Machine on = machine;
        if (on == null) {
            return ForwardCounters.ZERO;
        }
        try {
            Path net = Path.of("/proc/" + on.pid() + "/net");
            return ForwardCounters.parse(
                    Files.readAllLines(net.resolve("snmp")), Files.readAllLines(net.resolve("snmp6")));
        } catch (IOException failed) {
            throw new LabException("cannot read the counters of " + name() + ": " + failed.getMessage(), failed);
        }
    }
}
