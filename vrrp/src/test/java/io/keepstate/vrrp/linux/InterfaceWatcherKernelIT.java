// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class InterfaceWatcherKernelIT {

    private final List<String> told = new ArrayList<>();

    @Test
    void carrier_and_addresses_of_watched_interfaces_are_told_once_per_change(Lab lab) {
        LabNamespace host = lab.namespace("host");
        LabNamespace peer = lab.namespace("peer");
        lab.veth(host, "eth0", peer, "eth0");
        lab.veth(host, "eth1", peer, "eth1");
        InterfaceListener listener = new InterfaceListener() {
            @Override
            public void onLink(String interfaceName, boolean up, long nowNanos) {
                told.add(interfaceName + (up ? " up" : " down"));
            }

            @Override
            public void onAddresses(String interfaceName, long nowNanos) {
                told.add(interfaceName + " addresses");
            }
        };
        InterfaceWatcher watcher = host.route(it -> new InterfaceWatcher(it, Set.of("eth0", "eth9"), listener));
        lab.closing(() -> host.network().run(watcher::close));
        assertThat(watcher.isUp("eth0")).isTrue();
        assertThat(watcher.isUp("eth9")).isFalse();

        peer.down("eth1");
        peer.down("eth0");
        await(host, watcher, "eth0 down");
        assertThat(watcher.isUp("eth0")).isFalse();
        peer.up("eth0");
        await(host, watcher, "eth0 up");
        host.address("eth0", "10.9.0.1/24");
        await(host, watcher, "eth0 addresses");
        assertThat(told.stream().filter(it -> it.endsWith("down") || it.endsWith("up")))
                .containsExactly("eth0 down", "eth0 up");
        lab.veth(host, "eth9", peer, "eth9");
        await(host, watcher, "eth9 up");
    }

    @Test
    void looks_as_often_as_the_fastest_advertisements_want_it_also_when_they_change(Lab lab) {
        LabNamespace host = lab.namespace("host");
        lab.veth(host, "eth0", lab.namespace("peer"), "eth0");
        InterfaceWatcher watcher =
                host.route(it -> new InterfaceWatcher(it, Set.of("eth0"), (interfaceName, up, nowNanos) -> {}));
        lab.closing(() -> host.network().run(watcher::close));
        assertThat(untilNextLook(host, watcher)).isEqualTo(Duration.ofMillis(50));
        watcher.advertisementsEvery(Duration.ofMillis(10).toNanos());
        assertThat(untilNextLook(host, watcher)).isEqualTo(Duration.ofMillis(10));
        watcher.advertisementsEvery(Duration.ofMillis(50).toNanos());
        assertThat(untilNextLook(host, watcher)).isEqualTo(Duration.ofMillis(25));
    }

    private static Duration untilNextLook(LabNamespace host, InterfaceWatcher watcher) {
        return host.get(() -> {
            long now = watcher.nextDeadline();
            watcher.advance(now);
            return Duration.ofNanos(watcher.nextDeadline() - now);
        });
    }

    private void await(LabNamespace host, InterfaceWatcher watcher, String what) {
        Lab.eventually(
                Duration.ofSeconds(10),
                () -> host.get(() -> {
                    watcher.receive(System.nanoTime());
                    watcher.advance(System.nanoTime());
                    return told.contains(what);
                }),
                what);
    }
}
