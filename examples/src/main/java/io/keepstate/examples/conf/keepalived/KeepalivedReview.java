// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.keepalived.InstanceConfig.InitialState;
import io.keepstate.vrrp.InterfaceDelays;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at a configuration that can be used for what its author may not expect: settings that do nothing, that fight each
 * other, or that take a role where it should not go. Pure.
 */
final class KeepalivedReview {
    private static final long CENTI_MILLIS = 10;

    private final KeepalivedConfig config;
    private final List<InstanceReader> read;
    private final Findings findings;
    private final Map<String, InstanceConfig> instances = new HashMap<>();

    KeepalivedReview(KeepalivedConfig config, List<InstanceReader> read, Findings findings) {
        this.config = config;
        this.read = read;
        this.findings = findings;
        config.instances().forEach(instance -> instances.put(instance.name(), instance));
    }

    void run() {
        Map<String, String> holders = new HashMap<>();
        for (InstanceReader each : read) {
            instance(each.name).ifPresent(built -> {
                state(each, built);
                preemption(each, built.router());
                acceptance(each, built.router());
                unicast(each, built.router());
                announcements(each, built.router());
                linkDelays(each, built.router());
                addresses(each, built.router(), holders);
            });
        }
        config.syncGroups().forEach(this::priorities);
    }

    private Optional<InstanceConfig> instance(String name) {
        return Optional.ofNullable(instances.get(name));
    }

    private void state(InstanceReader each, InstanceConfig built) {
        Token at = each.stateAt;
        if (at != null
                && built.initialState() == InitialState.MASTER
                && !built.router().isOwner()) {
            findings.warn(
                    at,
                    "`state MASTER' has no effect with priority "
                            + built.router().priority()
                            + ": every instance begins as BACKUP and the highest priority wins; write `state BACKUP'");
        }
    }

    private void preemption(InstanceReader each, VirtualRouterConfig router) {
        Token at = each.noPreemptAt;
        boolean weighted = router.tracks().stream().anyMatch(track -> track.weight() != 0);
        if (at != null && !router.preempt() && weighted) {
            findings.warn(
                    at,
                    "nopreempt keeps the others from taking over when a weight lowers the priority of this node: track"
                            + " with weight 0, so that a failure is a fault, or remove nopreempt");
        }
    }

    private void acceptance(InstanceReader each, VirtualRouterConfig router) {
        if (router.accept()) {
            return;
        }
        boolean asked = each.accept.filter(wanted -> !wanted).isPresent();
        Token at = asked && each.acceptAt != null ? each.acceptAt : each.block;
        findings.warn(
                at,
                "the virtual addresses of instance " + router.name() + " will answer neither ping nor connections ("
                        + (asked ? "no_accept" : "strict mode")
                        + "): write `accept' if services use them");
    }

    private void unicast(InstanceReader each, VirtualRouterConfig router) {
        boolean anybody = router.transport() instanceof Transport.Unicast unicast && !unicast.checkSource();
        if (anybody) {
            each.unicast
                    .at()
                    .ifPresent(at -> findings.note(
                            at,
                            "adverts are taken from any address, routers between included: add check_unicast_src, or"
                                    + " min_ttl to the peers"));
        }
    }

    private void announcements(InstanceReader each, VirtualRouterConfig router) {
        boolean strict = each.strict.orElse(false);
        if (router.announcements().lowerPriorityRepeat() == 0 && !strict && !router.lowerPriorityNoAdvert()) {
            each.garp
                    .lowerRepeatAtZero()
                    .ifPresent(at -> findings.note(
                            at,
                            "after two nodes were active at once, switches may go on sending to the loser: leave"
                                    + " garp_lower_prio_repeat out unless they learn by adverts"));
        }
    }

    private void linkDelays(InstanceReader each, VirtualRouterConfig router) {
        Duration least =
                Duration.ofMillis(CENTI_MILLIS * router.intervalCentis() * Math.max(1, router.downTimerAdverts() - 1));
        for (InterfaceDelays delay : config.tracked().delays()) {
            if (delay.interfaceName().equals(router.interfaceName())
                    && delay.down().compareTo(least) >= 0) {
                findings.warn(
                        each.block,
                        "the down delay of " + delay.interfaceName() + " is not shorter than "
                                + least.toMillis() + " ms: the backup takes over before this node knows of its fault;"
                                + " shorten the delay in interface_up_down_delays");
            }
        }
    }

    private void addresses(InstanceReader each, VirtualRouterConfig router, Map<String, String> holders) {
        for (AddressReader.Line line : each.addresses) {
            claim(line, router, holders);
        }
        for (AddressReader.Line line : each.excluded) {
            claim(line, router, holders);
        }
    }

    private void claim(AddressReader.Line line, VirtualRouterConfig router, Map<String, String> holders) {
        VirtualAddress address = line.on(router.interfaceName());
        String holder = holders.putIfAbsent(address.address() + " on " + address.interfaceName(), router.name());
        if (holder != null) {
            findings.warn(
                    line.at(),
                    "this address is already one of instance " + holder
                            + ": the first of the two to lose its role takes it away from both; remove one");
        }
    }

    private void priorities(SyncGroupConfig group) {
        List<VirtualRouterConfig> members = group.members().stream()
                .flatMap(name -> instance(name).stream())
                .map(InstanceConfig::router)
                .toList();
        if (members.stream().map(VirtualRouterConfig::priority).distinct().count() > 1) {
            findings.warn(
                    group.at(),
                    "the members of group " + group.name() + " have different priorities ("
                            + String.join(
                                    ", ",
                                    members.stream()
                                            .map(member -> member.name() + " " + member.priority())
                                            .toList())
                            + "): which node wins is left to chance; give all members of a node the same one");
        }
    }
}
