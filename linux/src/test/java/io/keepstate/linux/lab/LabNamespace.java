// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.lab;

import io.keepstate.linux.namespace.NetworkNamespace;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.LinkChanges;
import io.keepstate.linux.route.Route;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/**
 * One machine of the lab: a network namespace with its links, addresses, rules and processes.
 *
 * <p>{@link #call} and {@link #get} run on the namespace's thread: sockets opened there live there. Thread-safe.
 */
public final class LabNamespace implements AutoCloseable {
    private static final Duration PROGRAM_TIME = Duration.ofSeconds(30);
    private static final AtomicInteger LOGS = new AtomicInteger();

    private final Lab lab;
    private final String name;
    private final NetworkNamespace namespace;
    private final Rtnetlink rtnetlink;
    private final List<LabProcess> processes = new CopyOnWriteArrayList<>();
    private boolean closed;

    LabNamespace(Lab lab, String name) {
        this.lab = lab;
        this.name = name;
        this.namespace = NetworkNamespace.create(name);
        this.rtnetlink = namespace.get(Rtnetlink::open);
        up("lo");
        // Addresses answer at once instead of after a second of duplicate address detection.
        sysctl("net.ipv6.conf.all.accept_dad", "0");
        sysctl("net.ipv6.conf.default.accept_dad", "0");
    }

    /** The namespace itself. */
    public NetworkNamespace network() {
        return namespace;
    }

    /** Runs a task on the namespace's thread. */
    public <T> T call(Callable<T> task) throws Exception {
        return namespace.call(task);
    }

    /** Runs a task without checked exceptions on the namespace's thread. */
    public <T> T get(Supplier<T> task) {
        return namespace.get(task::get);
    }

    /** Uses the namespace's rtnetlink on its thread. */
    public <T> T route(Function<Rtnetlink, T> task) {
        return namespace.get(() -> task.apply(rtnetlink));
    }

    private void change(Consumer<LinkChanges> task) {
        namespace.run(() -> task.accept(rtnetlink.changeLinks()));
    }

    /** The link of a name. */
    public Link link(String interfaceName) {
        return route(r -> r.link(interfaceName))
                .orElseThrow(() -> new AssertionError("no " + interfaceName + " in " + this));
    }

    /** Number of the link of a name. */
    public int index(String interfaceName) {
        return link(interfaceName).index();
    }

    /** Whether one of its interfaces has this address. */
    public boolean holds(String address) {
        return route(Rtnetlink::addresses).stream()
                .anyMatch(held -> held.address().equals(Endpoint.of(address, 0).address()));
    }

    /** Waits until an interface has a link-local address that may be used. */
    public void awaitLinkLocal(String interfaceName, Duration patience) {
        int index = index(interfaceName);
        Lab.eventually(
                patience,
                () -> route(Rtnetlink::addresses).stream()
                        .anyMatch(held -> held.interfaceIndex() == index
                                && held.address() instanceof Inet6Address
                                && held.address().isLinkLocalAddress()
                                && !held.isTentative()),
                "a link-local address on " + interfaceName + " of " + this);
    }

    void createVeth(String own, LabNamespace other, String theirs) {
        change(links -> links.createVeth(own, theirs, other.namespace.fd()));
    }

    /** Makes a bridge of existing links and switches all on. */
    public void bridge(String bridgeName, String... ports) {
        change(links -> links.createBridge(bridgeName));
        int bridge = index(bridgeName);
        up(bridgeName);
        for (String port : ports) {
            int index = index(port);
            change(links -> links.setMaster(index, bridge));
            up(port);
        }
    }

    /** Whether a link passes packets and, where IPv6 is on, has the address that makes it usable for IPv6. */
    boolean isReady(String interfaceName) {
        Link link = link(interfaceName);
        return link.isRunning()
                && (!hasIpv6(interfaceName)
                        || route(Rtnetlink::addresses).stream()
                                .filter(address -> address.interfaceIndex() == link.index())
                                .anyMatch(address -> address.address().isLinkLocalAddress() && !address.isTentative()));
    }

    private boolean hasIpv6(String interfaceName) {
        Path disabled = Path.of("/proc/sys/net/ipv6/conf", interfaceName, "disable_ipv6");
        return get(() -> Files.exists(disabled)) && read(disabled).trim().equals("0");
    }

    /** Switches a link on. */
    public void up(String interfaceName) {
        int index = index(interfaceName);
        change(links -> links.setUp(index, true));
    }

    /** Switches a link off; the other end of its cable loses the carrier. */
    public void down(String interfaceName) {
        int index = index(interfaceName);
        change(links -> links.setUp(index, false));
    }

    /** Gives an interface an address, such as {@code 10.0.0.1/24} or {@code fd00::1/64}, usable at once. */
    public void address(String interfaceName, String addressAndPrefix) {
        InterfaceAddress address = InterfaceAddress.builder(
                        index(interfaceName), host(addressAndPrefix), prefix(addressAndPrefix))
                .withoutDuplicateDetection()
                .build();
        int errno = route(r -> r.addAddress(address));
        Assertions.assertEquals(0, errno, () -> "adding " + addressAndPrefix + " to " + interfaceName + " in " + name);
    }

    /** Adds a route by a gateway; {@code 0.0.0.0/0} or {@code ::/0} is the default route. */
    public void route(String network, String gateway) {
        Route route = Route.via(host(network), prefix(network), host(gateway));
        int errno = route(r -> r.addRoute(route));
        Assertions.assertEquals(0, errno, () -> "adding route " + network + " via " + gateway + " in " + name);
    }

    private static InetAddress host(String text) {
        int slash = text.indexOf('/');
        try {
            return InetAddress.getByName(slash < 0 ? text : text.substring(0, slash));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + text, e);
        }
    }

    private static int prefix(String text) {
        return Integer.parseInt(text.substring(text.indexOf('/') + 1));
    }

    /** Sets a kernel parameter such as {@code net.ipv4.ip_forward}; /proc/sys/net follows the namespace of the thread. */
    public void sysctl(String key, String value) {
        namespace.run(() -> {
            try {
                Files.writeString(sysctlPath(key), value);
            } catch (IOException e) {
                throw new UncheckedIOException("setting " + key + " to " + value + " in " + name, e);
            }
        });
    }

    /** Reads a kernel parameter. */
    public String sysctl(String key) {
        return read(sysctlPath(key)).trim();
    }

    private static Path sysctlPath(String key) {
        return Path.of("/proc/sys", key.replace('.', '/'));
    }

    /** Reads a file of /proc/net as seen here, such as {@code snmp}: /proc/net itself shows the process's first thread. */
    public String procNet(String file) {
        return read(Path.of("/proc/thread-self/net", file));
    }

    private String read(Path path) {
        return namespace.get(() -> {
            try {
                // By lines: readAllBytes begins with one octet, and a sysctl gives its number to one read only.
                return String.join("\n", Files.readAllLines(path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Loads nftables rules, needs nft. */
    public void nft(String ruleset) {
        Requires.program("nft");
        try {
            Path file = Files.createTempFile(lab.directory(), "rules", ".nft");
            Files.writeString(file, ruleset);
            run("nft", "-f", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end and answers its output; fails if its exit code is not 0. */
    public String run(String... command) {
        LabProcess process = start(command);
        int code = process.await(PROGRAM_TIME);
        Assertions.assertEquals(0, code, () -> String.join(" ", command) + " in " + name + ": " + process.output());
        return process.output();
    }

    /** Runs a program to its end and answers its exit code. */
    public int exec(String... command) {
        return start(command).await(PROGRAM_TIME);
    }

    /** Starts a program here; the lab kills it at the end. */
    public LabProcess start(String... command) {
        // Not started from the namespace's own thread: the JDK's reaper threads, which it starts as a by-product, would
        // be born in the namespace and keep it alive for a minute.
        List<String> entered = new ArrayList<>(List.of("nsenter", "--net=" + namespace.path(), "--"));
        entered.addAll(List.of(command));
        try {
            Path program = Path.of(command[0]).getFileName();
            Path log = lab.directory().resolve(name + "-" + program + "-" + LOGS.incrementAndGet() + ".log");
            ProcessBuilder builder = new ProcessBuilder(entered)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
            LabProcess process = new LabProcess(builder.start(), log, List.of(command));
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + String.join(" ", command) + " in " + name, e);
        }
    }

    /** A power loss: kills what runs here, takes the links away and lets the namespace go; the lab may make it anew. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        lab.forget(this);
        try {
            processes.forEach(LabProcess::close);
            Stragglers.kill(namespace);
            // Deleted by hand: a namespace is taken down some time after its last user left.
            route(Rtnetlink::links).stream().filter(link -> link.kind() != null).forEach(this::deleteLink);
        } finally {
            namespace.run(rtnetlink::close);
            namespace.close();
        }
    }

    private void deleteLink(Link link) {
        if (route(r -> r.link(link.index())).isPresent()) {
            change(links -> links.delete(link.index()));
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
