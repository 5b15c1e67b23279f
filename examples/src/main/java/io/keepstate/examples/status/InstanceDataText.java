// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.node.stats.RouterSnapshot;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.ElectionRules;
import io.keepstate.vrrp.FaultCause;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code keepalived.data}: instances and sync groups in keepalived's layout; lines about what is not here are left out. Pure. */
public final class InstanceDataText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss.SSS yyyy", Locale.ROOT);

    private static final int CENTI_DIGITS = 2;
    private static final int MILLIS_PER_CENTI = 10;
    private static final int MILLIS_PER_SECOND = 1000;

    private InstanceDataText() {}

    /** The file's text. */
    public static String of(List<InstanceStatus> instances, ZoneId zone) {
        StringBuilder text = new StringBuilder("------< VRRP Topology >------\n");
        instances.forEach(instance -> instance(text, instance, zone));
        Map<String, List<RouterSnapshot>> groups = instances.stream()
                .map(InstanceStatus::router)
                .filter(router -> !router.group().equals(router.config().name()))
                .collect(Collectors.groupingBy(RouterSnapshot::group, LinkedHashMap::new, Collectors.toList()));
        if (!groups.isEmpty()) {
            text.append("------< VRRP Sync groups >------\n");
            groups.forEach((name, members) -> {
                text.append(" VRRP Sync Group = ").append(name).append(", ");
                text.append(StateNames.name(members.get(0).state()));
                text.append("\n   VRRP member instances :\n");
                members.forEach(member ->
                        text.append("     ").append(member.config().name()).append('\n'));
            });
        }
        return text.toString();
    }

    private static void instance(StringBuilder text, InstanceStatus instance, ZoneId zone) {
        RouterSnapshot router = instance.router();
        VirtualRouterConfig config = router.config();
        text.append(" VRRP Instance = ").append(config.name()).append('\n');
        line(text, "VRRP Version", config.version() == Version.V3 ? 3 : 2);
        if (!router.group().equals(config.name())) {
            line(text, "Sync group", router.group());
        }
        line(text, "State", StateNames.name(router.state()));
        if (router.state() == State.BACKUP) {
            router.activeRouter().ifPresent(active -> activeRouter(text, router, active));
        }
        line(text, "Wantstate", StateNames.name(router.state()));
        line(
                text,
                "Faults",
                router.faults().isEmpty()
                        ? "none"
                        : router.faults().stream().map(FaultCause::toString).collect(Collectors.joining(", ")));
        line(
                text,
                "Last transition",
                TIME.format(Instant.ofEpochMilli(router.changedMillis()).atZone(zone)));
        line(text, "Interface", config.interfaceName());
        config.virtualMac().ifPresent(mac -> line(text, "Virtual MAC interface", mac.interfaceName()));
        line(text, "Using src_ip", router.source());
        transport(text, config);
        announcements(text, config.announcements());
        election(text, router);
        config.virtualMac().ifPresent(mac -> line(text, "Transmit on base", mac.transmitOnBase()));
        authentication(text, config);
        holdings(text, router);
        tracks(text, config.tracks());
        InstanceScripts.KEYS.forEach(key -> {
            String command = instance.scripts().byKey().get(key);
            if (command != null) {
                line(text, "Notify " + key, command);
            }
        });
        router.rejects().forEach((reason, count) -> {
            if (count > 0) {
                line(text, "Rejected packets, " + reason.text(), count);
            }
        });
        line(text, "Notify deleted", instance.scripts().notifyDeleted() ? "Deleted" : "Fault");
    }

    private static void activeRouter(StringBuilder text, RouterSnapshot router, IpAddress address) {
        line(text, "Master router", address);
        line(text, "Master priority", router.activePriority());
        if (router.config().version() == Version.V3) {
            line(text, "Master advert int", BigDecimal.valueOf(router.activeIntervalCentis(), CENTI_DIGITS) + " sec");
        }
    }

    private static void transport(StringBuilder text, VirtualRouterConfig config) {
        if (config.transport() instanceof Transport.Unicast unicast) {
            text.append("   Unicast Peer :\n");
            unicast.peers()
                    .forEach(peer -> text.append("     ").append(peer.address()).append('\n'));
            line(text, "Check unicast src", unicast.checkSource() ? "yes" : "no");
        } else if (config.transport() instanceof Transport.Multicast multicast) {
            multicast.group().ifPresent(group -> line(text, "Multicast address", group));
        }
    }

    private static void announcements(StringBuilder text, AnnouncementPolicy policy) {
        line(text, "Gratuitous ARP delay", policy.delay().toSeconds());
        line(text, "Gratuitous ARP repeat", policy.repeat());
        line(text, "Gratuitous ARP refresh", policy.refresh().toSeconds());
        line(text, "Gratuitous ARP refresh repeat", policy.refreshRepeat());
        line(
                text,
                "Gratuitous ARP lower priority delay",
                policy.lowerPriorityDelay().toSeconds());
        line(text, "Gratuitous ARP lower priority repeat", policy.lowerPriorityRepeat());
    }

    private static void election(StringBuilder text, RouterSnapshot router) {
        VirtualRouterConfig config = router.config();
        ElectionRules rules = config.election();
        line(text, "Down timer adverts", rules.downTimerAdverts());
        line(text, "Send advert after receive lower priority advert", !rules.lowerPriorityNoAdvert());
        line(text, "Send advert after receive higher priority advert", rules.higherPrioritySendsAdvert());
        line(text, "Virtual Router ID", config.virtualRouterId());
        line(text, "Priority", config.priority());
        line(text, "Effective priority", router.priority());
        line(text, "Advert interval", interval(config.intervalCentis()));
        line(text, "Master advert interval", interval(router.activeIntervalCentis()));
        line(text, "Accept", config.accept() ? "enabled" : "disabled");
        line(text, "Preempt", rules.preempt() ? "enabled" : "disabled");
        if (!rules.preemptDelay().isZero()) {
            line(text, "Preempt delay", rules.preemptDelay().toSeconds() + " secs");
        }
    }

    private static void authentication(StringBuilder text, VirtualRouterConfig config) {
        String password = Passwords.text(config.authentication());
        if (!password.isEmpty()) {
            line(text, "Authentication type", config.authentication().type() == 1 ? "SIMPLE_PASSWORD" : "IPSEC_AH");
            line(text, "Password", password);
        }
    }

    private static void holdings(StringBuilder text, RouterSnapshot router) {
        VirtualRouterConfig config = router.config();
        boolean held = router.state() == State.ACTIVE;
        list(text, "Virtual IP", HoldingText.addresses(config, config.addresses(), held));
        list(text, "Virtual IP Excluded", HoldingText.addresses(config, config.excludedAddresses(), held));
        list(
                text,
                "Virtual Routes",
                config.routes().stream().map(HoldingText::route).toList());
        list(
                text,
                "Virtual Rules",
                config.rules().stream().map(HoldingText::rule).toList());
    }

    private static void tracks(StringBuilder text, List<Track> tracks) {
        list(
                text,
                "Tracked",
                tracks.stream()
                        .map(track -> track.what().kind().name().toLowerCase(Locale.ROOT) + " "
                                + track.what().name() + " weight " + track.weight()
                                + (track.reverse() ? " reverse" : ""))
                        .toList());
    }

    private static void list(StringBuilder text, String title, List<String> entries) {
        if (!entries.isEmpty()) {
            text.append("   ").append(title).append(" (").append(entries.size()).append("):\n");
            entries.forEach(entry -> text.append("     ").append(entry).append('\n'));
        }
    }

    private static String interval(int centis) {
        int millis = centis * MILLIS_PER_CENTI;
        return millis % MILLIS_PER_SECOND == 0 ? millis / MILLIS_PER_SECOND + " sec" : millis + " milli-sec";
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append("   ").append(name).append(" = ").append(value).append('\n');
    }
}
