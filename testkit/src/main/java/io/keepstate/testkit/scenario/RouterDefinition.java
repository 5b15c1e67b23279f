// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.AdvertisementReceiver;
import io.keepstate.vrrp.IpPrefix;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.UnicastPeer;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.HmacKey;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A {@code router} line.
 *
 * @param config what the router is
 * @param source the address it advertises from
 * @param link the segment it is on; empty: it hears only what the script lets it receive
 * @param networks those on its link, of whom alone it hears; none: it hears everybody
 */
record RouterDefinition(VirtualRouterConfig config, IpAddress source, Optional<String> link, List<IpPrefix> networks) {
    private static final int CENTI_NANOS = 10_000_000;

    String name() {
        return config.name();
    }

    /** Reads the settings of the {@code ordinal}-th router of the script. */
    static RouterDefinition of(String name, int ordinal, Words words) throws ScenarioException {
        Settings settings = words.settings();
        try {
            VirtualRouterConfig config = config(name, settings);
            boolean ipv4 = config.family() == AddressFamily.IPV4;
            String ownAddress = (ipv4 ? "192.0.2." : "fe80::") + ordinal;
            IpAddress source = settings.address("source").orElse(IpAddress.parse(ownAddress));
            Optional<String> link = settings.text("link");
            List<IpPrefix> networks =
                    settings.list("on_link").stream().map(IpPrefix::parse).toList();
            settings.end();
            if (source.family() != config.family()) {
                throw words.wrong("source=" + source + " is not of the family of the virtual addresses");
            }
            return new RouterDefinition(config, source, link, networks);
        } catch (IllegalArgumentException e) {
            throw words.wrong(String.valueOf(e.getMessage()));
        }
    }

    /** What checks its packets, new. */
    AdvertisementReceiver receiver() {
        AdvertisementReceiver receiver = new AdvertisementReceiver(config);
        if (!networks.isEmpty()) {
            receiver.requireOnLinkSource(address -> networks.stream().anyMatch(network -> network.contains(address)));
        }
        return receiver;
    }

    private static VirtualRouterConfig config(String name, Settings settings) throws ScenarioException {
        VirtualRouterConfigBuilder builder =
                VirtualRouterConfig.builder(name, settings.text("interface").orElse("eth0"));
        builder.version(settings.number("version", 2, 3).orElse(3) == 2 ? Version.V2 : Version.V3);
        builder.virtualRouterId(settings.number("vrid", 0, 999).orElse(51));
        settings.number("priority", 0, 999).ifPresent(builder::priority);
        settings.time("interval").ifPresent(builder::interval);
        settings.text("auth").ifPresent(text -> builder.authentication(authentication(text)));
        settings.choice("checksum", ChecksumMode.class).ifPresent(builder::checksumMode);
        List<String> addresses = settings.list("address");
        (addresses.isEmpty() ? List.of("192.0.2.100/24") : addresses).forEach(builder::address);
        settings.list("excluded").forEach(builder::excludedAddress);
        election(settings, builder);
        transport(settings).ifPresent(builder::transport);
        hmac(settings).ifPresent(builder::hmac);
        settings.list("track").forEach(text -> builder.track(track(text)));
        return builder.build();
    }

    private static void election(Settings settings, VirtualRouterConfigBuilder builder) throws ScenarioException {
        settings.flag("preempt").ifPresent(builder::preempt);
        settings.time("preempt_delay").ifPresent(builder::preemptDelay);
        settings.time("startup_delay").ifPresent(builder::startupDelay);
        settings.number("down_timer_adverts", 0, 999).ifPresent(builder::downTimerAdverts);
        settings.time("max_learned_interval").ifPresent(time -> builder.maxLearnedIntervalCentis(centis(time)));
        settings.flag("late_timer_guard").ifPresent(builder::lateTimerGuard);
        settings.flag("higher_prio_send_advert").ifPresent(builder::higherPrioritySendsAdvert);
        settings.flag("lower_prio_no_advert").ifPresent(builder::lowerPriorityNoAdvert);
        settings.flag("owner_ignore_adverts").ifPresent(builder::ownerIgnoresAdverts);
        settings.flag("skip_check_adv_addr").ifPresent(builder::skipAddressListCheck);
        settings.flag("dual_version").ifPresent(builder::dualVersion);
        settings.flag("accept").ifPresent(builder::accept);
    }

    private static Optional<Transport> transport(Settings settings) throws ScenarioException {
        OptionalInt least = optional(settings.number("peer_min_ttl", 0, 255));
        OptionalInt most = optional(settings.number("peer_max_ttl", 0, 255));
        List<UnicastPeer> peers = settings.addresses("peer").stream()
                .map(address -> new UnicastPeer(address, least, most))
                .toList();
        OptionalInt ttl = optional(settings.number("unicast_ttl", 1, 255));
        boolean check = settings.flag("check_unicast_src").orElse(false);
        return peers.isEmpty() ? Optional.empty() : Optional.of(new Transport.Unicast(peers, ttl, check));
    }

    private static OptionalInt optional(Optional<Integer> number) {
        return number.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** The first of several keys signs. */
    private static Optional<HmacAuthentication> hmac(Settings settings) throws ScenarioException {
        List<HmacKey> keys =
                settings.list("hmac").stream().map(RouterDefinition::hmacKey).toList();
        HmacAuthentication.Mode mode =
                settings.choice("hmac_mode", HmacAuthentication.Mode.class).orElse(HmacAuthentication.Mode.ENFORCE);
        HmacAuthentication.AntiReplay antiReplay = settings.choice("hmac_replay", HmacAuthentication.AntiReplay.class)
                .orElse(HmacAuthentication.AntiReplay.TIME);
        OptionalInt window = optional(settings.number("hmac_window", 1, 300));
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(new HmacAuthentication(keys, keys.get(0).id(), antiReplay, window, mode));
    }

    /** {@code ID:KEY}. */
    private static HmacKey hmacKey(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || !text.substring(0, colon).matches("\\d{1,3}")) {
            throw new IllegalArgumentException(
                    "hmac=ID:KEY: the key's identifier comes first, such as 1:hex:00112233...");
        }
        int id = Integer.parseInt(text.substring(0, colon));
        return HmacKey.parse(id, text.substring(colon + 1));
    }

    /** {@code KIND:NAME[:WEIGHT]}. */
    private static Track track(String text) {
        String[] parts = text.split(":", -1);
        boolean weighted = parts.length == 3 && parts[2].matches("-?\\d{1,3}");
        for (Tracked.Kind kind : Tracked.Kind.values()) {
            if (kind.name().equalsIgnoreCase(parts[0]) && (parts.length == 2 || weighted)) {
                return new Track(new Tracked(kind, parts[1]), weighted ? Integer.parseInt(parts[2]) : 0, false);
            }
        }
        throw new IllegalArgumentException("track=" + text
                + ": it must be script:NAME, interface:NAME, process:NAME or file:NAME, and :WEIGHT if it has one");
    }

    static int centis(Duration time) {
        return (int) Math.min(Integer.MAX_VALUE, time.toNanos() / CENTI_NANOS);
    }

    private static Authentication authentication(String text) {
        if (text.equalsIgnoreCase("none")) {
            return Authentication.NONE;
        }
        if (text.regionMatches(true, 0, "pass:", 0, "pass:".length())) {
            return Authentication.password(text.substring("pass:".length()));
        }
        if (text.regionMatches(true, 0, "ah:", 0, "ah:".length())) {
            return Authentication.header(text.substring("ah:".length()));
        }
        throw new IllegalArgumentException("auth=" + text + ": it must be none, pass:PASSWORD or ah:KEY");
    }
}
