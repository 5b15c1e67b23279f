// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.Version;
import io.keepstate.vrrp.linux.VrrpService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our VRRP and the installed keepalived back each other up, with nothing configured to please either. */
@ExtendWith(LabExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class KeepalivedInteropIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger STARTS = new AtomicInteger();

    /** The protocols both speak, each as keepalived's configuration and as ours. */
    enum Protocol {
        V2_PASSWORD("10.9.0.100", Duration.ofSeconds(5), """
                version 2
                advert_int 1
                authentication {
                    auth_type PASS
                    auth_pass zzzz
                }
                virtual_ipaddress {
                    10.9.0.100/24
                }""") {
            @Override
            VirtualRouterConfigBuilder configure(VirtualRouterConfigBuilder builder) {
                return builder.version(Version.V2)
                        .authentication(Authentication.password("zzzz"))
                        .address("10.9.0.100/24");
            }
        },
        V3_IPV4("10.9.0.100", Duration.ofSeconds(2), """
                version 3
                advert_int 0.2
                virtual_ipaddress {
                    10.9.0.100/24
                }""") {
            @Override
            VirtualRouterConfigBuilder configure(VirtualRouterConfigBuilder builder) {
                return builder.version(Version.V3)
                        .interval(Duration.ofMillis(200))
                        .address("10.9.0.100/24");
            }
        },
        V3_IPV6("2001:db8:9::100", Duration.ofSeconds(2), """
                version 3
                advert_int 0.2
                virtual_ipaddress {
                    fe80::5e:61/64
                    2001:db8:9::100/64
                }""") {
            @Override
            VirtualRouterConfigBuilder configure(VirtualRouterConfigBuilder builder) {
                return builder.version(Version.V3)
                        .interval(Duration.ofMillis(200))
                        .address("fe80::5e:61/64")
                        .address("2001:db8:9::100/64");
            }
        };

        final String address;
        /** More than an active down interval. */
        final Duration quiet;

        final String keepalived;

        Protocol(String address, Duration quiet, String keepalived) {
            this.address = address;
            this.quiet = quiet;
            this.keepalived = keepalived;
        }

        abstract VirtualRouterConfigBuilder configure(VirtualRouterConfigBuilder builder);
    }

    @BeforeEach
    void needsKeepalived() {
        Requires.program("keepalived");
    }

    @ParameterizedTest
    @EnumSource
    void ours_backs_up_keepalived(Protocol protocol, Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        cable(lab, a, b);
        LabProcess keepalived = keepalived(lab, a, protocol, 200);
        Lab.eventually(PATIENCE, () -> a.holds(protocol.address), "keepalived is master: " + keepalived.output());
        Ours ours = lab.closing(new Ours(b, protocol, 100));
        pass(protocol.quiet);
        assertThat(ours.state()).as("we hear keepalived").isEqualTo(State.BACKUP);
        assertThat(ours.wasActive()).isFalse();

        kill(keepalived);
        Lab.eventually(PATIENCE, () -> ours.isActive() && b.holds(protocol.address), "we take over from a killed one");

        LabProcess again = keepalived(lab, a, protocol, 200);
        try {
            Lab.eventually(
                    PATIENCE,
                    () -> ours.state() == State.BACKUP && !b.holds(protocol.address) && a.holds(protocol.address),
                    "it preempts us");
        } catch (AssertionError e) {
            throw new AssertionError("keepalived says:\n" + again.output(), e);
        }

        again.terminate();
        Lab.eventually(PATIENCE, () -> ours.isActive() && b.holds(protocol.address), "we take over when it resigns");
        again.await(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource
    void keepalived_backs_up_ours(Protocol protocol, Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        cable(lab, a, b);
        Ours ours = new Ours(a, protocol, 200);
        Lab.eventually(PATIENCE, ours::isActive, "we are active");
        LabProcess keepalived = keepalived(lab, b, protocol, 100);
        pass(protocol.quiet);
        assertThat(keepalived.isAlive()).as(keepalived.output()).isTrue();
        assertThat(b.holds(protocol.address)).as("keepalived hears us").isFalse();
        assertThat(ours.isActive()).isTrue();

        ours.crash();
        Lab.eventually(PATIENCE, () -> b.holds(protocol.address), "it takes over when we are killed");

        Ours again = new Ours(a, protocol, 200);
        Lab.eventually(
                PATIENCE,
                () -> again.isActive() && a.holds(protocol.address) && !b.holds(protocol.address),
                "we preempt it");

        again.close();
        assertThat(a.holds(protocol.address)).isFalse();
        Lab.eventually(PATIENCE, () -> b.holds(protocol.address), "it takes over when we resign");
    }

    private static void cable(Lab lab, LabNamespace a, LabNamespace b) {
        lab.veth(a, "eth0", b, "eth0");
        a.address("eth0", "10.9.0.1/24");
        b.address("eth0", "10.9.0.2/24");
        a.awaitLinkLocal("eth0", PATIENCE);
        b.awaitLinkLocal("eth0", PATIENCE);
    }

    /** Lets time pass in which nothing must happen. */
    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Lab.eventually(time.multipliedBy(2), () -> System.nanoTime() - end > 0, "time passes");
    }

    private static LabProcess keepalived(Lab lab, LabNamespace namespace, Protocol protocol, int priority) {
        String configuration = """
                global_defs {
                    router_id %s
                }
                vrrp_instance E1 {
                    interface eth0
                    state BACKUP
                    virtual_router_id 61
                    priority %d
                    %s
                }
                """.formatted(namespace, priority, protocol.keepalived);
        Path directory = lab.directory();
        Path file = directory.resolve("keepalived-" + namespace + ".conf");
        try {
            Files.writeString(file, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Of its own each time: keepalived takes the file of a killed one for that of a running one as long as nobody
        // has collected its exit code, which is not ours to do.
        String run = namespace + "-" + STARTS.incrementAndGet() + ".pid";
        return namespace.start(
                "keepalived",
                "-n",
                "-l",
                "-G",
                "-D",
                "-P",
                "-f",
                file.toString(),
                "-p",
                directory.resolve("keepalived-" + run).toString(),
                "-r",
                directory.resolve("vrrp-" + run).toString());
    }

    /** A power loss of both its processes; the parent first, which would start the other one again. */
    private static void kill(LabProcess keepalived) {
        ProcessHandle parent = ProcessHandle.of(keepalived.pid()).orElseThrow();
        List<ProcessHandle> children = parent.descendants().toList();
        parent.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Our VRRP on one host. */
    private static final class Ours implements AutoCloseable {
        private final VrrpService service;
        private volatile State state = State.INITIALIZE;
        private volatile boolean wasActive;

        Ours(LabNamespace namespace, Protocol protocol, int priority) {
            VirtualRouterConfigBuilder builder = VirtualRouterConfig.builder("E1", "eth0")
                    .virtualRouterId(61)
                    .priority(priority);
            service = VrrpService.start(
                    task -> namespace.network().newThread("vrrp " + namespace, task),
                    List.of(SyncGroupConfig.of(protocol.configure(builder).build())),
                    this::onEffect);
        }

        private void onEffect(Effect effect) {
            if (effect instanceof Effect.StateChanged change) {
                state = change.to();
                wasActive |= state == State.ACTIVE;
            }
        }

        State state() {
            return state;
        }

        boolean isActive() {
            return state == State.ACTIVE;
        }

        boolean wasActive() {
            return wasActive;
        }

        void crash() {
            service.abandon();
        }

        @Override
        public void close() {
            service.close();
        }
    }
}
