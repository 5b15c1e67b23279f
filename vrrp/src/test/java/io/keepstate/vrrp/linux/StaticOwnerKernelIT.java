// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.vrrp.IpPrefix;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.StaticEntries.Entry;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRule;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class StaticOwnerKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Tracked GROUP = StaticEntries.group("G");

    private final Map<Tracked, TrackValue> told = new HashMap<>();
    private LabNamespace host;
    private StaticOwner owner;

    @BeforeEach
    void cable(Lab lab) {
        host = Cable.lay(lab).host();
        owner = lab.closing(host.get(StaticOwner::open));
    }

    private static StaticEntries entries() {
        return new StaticEntries(
                List.of(
                        entry(VirtualAddress.parse("10.9.0.1/24", "eth0")),
                        new Entry<>(VirtualAddress.parse("2001:db8:9::1/64", "eth0"), Optional.empty())),
                List.of(entry(VirtualRoute.via(IpPrefix.parse("192.0.2.0/24"), IpAddress.parse("10.9.0.2")))),
                List.of(entry(VirtualRule.builder(AddressFamily.IPV4)
                        .from(IpPrefix.parse("192.0.2.0/24"))
                        .table(100)
                        .priority(300)
                        .build())));
    }

    private static <T> Entry<T> entry(T what) {
        return new Entry<>(what, Optional.of("G"));
    }

    @Test
    void entries_are_put_up_put_back_and_taken_down() {
        set(entries());
        assertThat(shown())
                .contains("10.9.0.1/24", "2001:db8:9::1/64", "192.0.2.0/24 via 10.9.0.2", "300: from 192.0.2.0/24");
        awaitGroup(TrackValue.UP);

        for (String[] removal : new String[][] {
            {"ip", "address", "del", "2001:db8:9::1/64", "dev", "eth0"},
            {"ip", "route", "del", "192.0.2.0/24"},
            {"ip", "rule", "del", "prio", "300"}
        }) {
            host.run(removal);
            turnUntil(
                    () -> shown().contains("2001:db8:9::1/64")
                            && shown().contains("192.0.2.0/24 via")
                            && shown().contains("300: from"),
                    "what `" + String.join(" ", removal) + "' removed is back");
        }

        set(new StaticEntries(entries().addresses(), List.of(), entries().rules()));
        assertThat(shown()).contains("10.9.0.1/24", "300: from").doesNotContain("192.0.2.0/24 via");
        host.get(() -> {
            owner.clear();
            return null;
        });
        assertThat(shown()).doesNotContain("10.9.0.1/24", "2001:db8:9::1", "300: from");
    }

    @Test
    void a_track_group_is_down_while_an_entry_of_it_cannot_be_there() {
        set(entries());
        awaitGroup(TrackValue.UP);
        // The kernel drops the route of a link that goes down without a word.
        host.down("eth0");
        awaitGroup(TrackValue.DOWN);
        host.up("eth0");
        awaitGroup(TrackValue.UP);
        assertThat(shown()).contains("192.0.2.0/24 via 10.9.0.2");
    }

    private void set(StaticEntries wanted) {
        host.get(() -> {
            owner.set(wanted, System.nanoTime());
            return null;
        });
    }

    private void awaitGroup(TrackValue value) {
        turnUntil(() -> value.equals(told.get(GROUP)), "the group is " + value);
    }

    private void turnUntil(BooleanSupplier condition, String description) {
        Lab.eventually(
                PATIENCE,
                () -> {
                    host.get(() -> {
                        owner.receive(System.nanoTime());
                        owner.advance(System.nanoTime());
                        owner.drain(told::put);
                        return null;
                    });
                    return condition.getAsBoolean();
                },
                description);
    }

    private String shown() {
        return (host.run("ip", "address", "show", "dev", "eth0") + host.run("ip", "route") + host.run("ip", "rule"))
                .replaceAll("\\s+", " ");
    }
}
