// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.keepalived.InstanceConfig.InitialState;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRule;
import io.keepstate.vrrp.codec.ChecksumMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one {@code vrrp_instance} block. What it says as a whole is {@link InstanceBuilder}'s. */
final class InstanceReader {
    private static final int MOST_DOWN_TIMER_ADVERTS = 100;

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;
    private final RouteNames names;
    private boolean broken;

    final Token block;
    final String name;
    final NotifyReader notify;
    final GarpReader garp;
    final UnicastReader unicast;
    final AuthenticationReader authentication;
    final TrackLines tracks;
    final List<AddressReader.Line> addresses = new ArrayList<>();
    final List<AddressReader.Line> excluded = new ArrayList<>();
    final List<VirtualRoute> routes = new ArrayList<>();
    final List<VirtualRule> rules = new ArrayList<>();

    @Nullable
    String interfaceName;

    Optional<InitialState> initialState = Optional.empty();

    @Nullable
    Token stateAt;

    int virtualRouterId;

    @Nullable
    Token virtualRouterIdAt;

    int priority;

    @Nullable
    Token priorityAt;

    @Nullable
    Token advertIntervalAt;

    Duration advertInterval = Duration.ofSeconds(1);
    int version;
    boolean nativeIpv6;
    boolean noPreempt;

    @Nullable
    Token noPreemptAt;

    Duration preemptDelay = Duration.ZERO;

    @Nullable
    Token preemptDelayAt;

    Optional<Boolean> accept = Optional.empty();

    @Nullable
    Token acceptAt;

    Optional<Boolean> strict = Optional.empty();
    Optional<Boolean> lowerPriorityNoAdvert = Optional.empty();
    Optional<Boolean> higherPrioritySendsAdvert = Optional.empty();
    Optional<Boolean> ownerIgnoresAdverts = Optional.empty();
    Optional<Boolean> skipAddressListCheck = Optional.empty();
    Optional<ChecksumMode> checksumMode = Optional.empty();
    int downTimerAdverts;
    boolean trackPrimary = true;
    boolean promoteSecondaries;

    @Nullable
    Token vmacAt;

    List<Token> vmacWords = List.of();
    boolean virtualMacForAddresses;

    @Nullable
    Token transmitOnBaseAt;

    InstanceReader(BlockReader in, Arguments arguments, Findings findings, RouteNames names, Token block, String name) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
        this.names = names;
        this.block = block;
        this.name = name;
        this.notify = new NotifyReader(arguments);
        this.garp = new GarpReader(arguments, findings);
        this.unicast = new UnicastReader(in, arguments, findings);
        this.authentication = new AuthenticationReader(in, arguments, findings);
        this.tracks = new TrackLines(in, findings);
    }

    void read() {
        int before = findings.list().size();
        Directives table = new Directives();
        identity(table);
        election(table);
        holdings(table);
        interfaces(table);
        garp.addTo(table, "");
        unicast.addTo(table);
        authentication.addTo(table);
        tracks.addTo(table);
        notify.addTo(table);
        notify.addLowerPriorityTo(table);
        in.block(block, Unsupported.addTo(table, Unsupported.Place.INSTANCE, in, findings));
        broken = findings.list().stream().skip(before).anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    /** Whether a line has an error: a value that is wrong is not also missing. */
    boolean isBroken() {
        return broken;
    }

    private void identity(Directives table) {
        table.on("interface", at -> {
                    Token value = arguments.one(at, "eth0");
                    if (value != null) {
                        arguments.values().interfaceName(at, value).ifPresent(read -> interfaceName = read);
                    }
                })
                .on("state", this::state)
                .on("virtual_router_id", at -> {
                    virtualRouterIdAt = at;
                    arguments.integer(at, 1, 255, value -> virtualRouterId = value);
                })
                .on("priority", at -> {
                    priorityAt = at;
                    arguments.integer(at, 1, 255, value -> priority = value);
                })
                .on("advert_int", at -> {
                    advertIntervalAt = at;
                    arguments.seconds(at, 0.001, 255, value -> advertInterval = value);
                })
                .on("version", at -> arguments.integer(at, 2, 3, value -> version = value))
                .on("native_ipv6", at -> arguments.flag(at, value -> nativeIpv6 = value));
    }

    private void election(Directives table) {
        table.on("preempt", at -> arguments.bare(at, () -> noPreempt = false))
                .on(
                        "nopreempt",
                        at -> arguments.bare(at, () -> {
                            noPreemptAt = at;
                            noPreempt = true;
                        }))
                .on("preempt_delay", at -> {
                    preemptDelayAt = at;
                    arguments.seconds(at, 0, 1_000, value -> preemptDelay = value);
                })
                .on("strict_mode", at -> arguments.flag(at, value -> strict = Optional.of(value)))
                .on(
                        "down_timer_adverts",
                        at -> arguments.integer(at, 1, MOST_DOWN_TIMER_ADVERTS, value -> downTimerAdverts = value))
                .on(
                        "lower_prio_no_advert",
                        at -> arguments.flag(at, value -> lowerPriorityNoAdvert = Optional.of(value)))
                .on(
                        "higher_prio_send_advert",
                        at -> arguments.flag(at, value -> higherPrioritySendsAdvert = Optional.of(value)))
                .on("owner_ignore_adverts", at -> arguments.flag(at, value -> ownerIgnoresAdverts = Optional.of(value)))
                .on("skip_check_adv_addr", at -> arguments.flag(at, value -> skipAddressListCheck = Optional.of(value)))
                .on(
                        "v3_checksum_as_v2",
                        at -> arguments.flag(
                                at,
                                value -> checksumMode = Optional.of(value ? ChecksumMode.RFC9568 : ChecksumMode.AUTO)))
                .on("old_unicast_checksum", this::oldChecksum);
    }

    private void holdings(Directives table) {
        table.on("virtual_ipaddress", at -> addressBlock(at, addresses))
                .on("virtual_ipaddress_excluded", at -> addressBlock(at, excluded))
                .on("virtual_routes", at -> {
                    for (List<Token> words : in.lines(at)) {
                        RouteReader.read(words, names, findings).ifPresent(routes::add);
                    }
                })
                .on("virtual_rules", at -> {
                    for (List<Token> words : in.lines(at)) {
                        RuleReader.read(words, names, findings).ifPresent(rules::add);
                    }
                })
                .on(
                        "accept",
                        at -> arguments.bare(at, () -> {
                            accept = Optional.of(true);
                            acceptAt = at;
                        }))
                .on(
                        "no_accept",
                        at -> arguments.bare(at, () -> {
                            accept = Optional.of(false);
                            acceptAt = at;
                        }));
    }

    private void interfaces(Directives table) {
        table.on("use_vmac", at -> {
                    vmacAt = at;
                    vmacWords = arguments.all(at);
                })
                .on("use_vmac_addr", at -> arguments.bare(at, () -> virtualMacForAddresses = true))
                .on("vmac_xmit_base", at -> arguments.bare(at, () -> transmitOnBaseAt = at))
                .on("debug", at -> arguments.integer(at, 0, 4, unused -> {}))
                .on("linkbeat_use_polling", at -> {
                    arguments.all(at);
                    findings.invalid(
                            at,
                            "is obsolete, and has no effect: carriers are polled anyway; write linkbeat_interfaces");
                })
                .on("dont_track_primary", at -> arguments.bare(at, () -> trackPrimary = false))
                .on("promote_secondaries", at -> arguments.bare(at, () -> promoteSecondaries = true));
    }

    private void state(Token at) {
        stateAt = at;
        Token value = arguments.one(at, "BACKUP");
        if (value == null) {
            return;
        }
        switch (value.text()) {
            case "MASTER" -> initialState = Optional.of(InitialState.MASTER);
            case "BACKUP" -> initialState = Optional.of(InitialState.BACKUP);
            default -> {
                initialState = Optional.of(InitialState.BACKUP);
                findings.invalid(
                        at, "`" + value.text() + "' is no initial state, BACKUP is used: write MASTER or BACKUP");
            }
        }
    }

    private void oldChecksum(Token at) {
        unicast.mentionedAt(at);
        List<Token> words = arguments.all(at);
        boolean never = !words.isEmpty() && words.get(0).text().equals("never");
        if (!words.isEmpty() && !never) {
            findings.invalid(at, "`" + words.get(0).text() + "' has no meaning here: write `never' or nothing");
        }
        checksumMode = Optional.of(never ? ChecksumMode.PSEUDO_HEADER : ChecksumMode.OLD_UNICAST);
    }

    private void addressBlock(Token at, List<AddressReader.Line> list) {
        for (List<Token> words : in.lines(at)) {
            AddressReader.read(words, names, findings).ifPresent(list::add);
        }
    }
}
