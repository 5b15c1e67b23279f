// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.codec.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Reads {@code global_defs}, and the single lines of the top level. */
final class GlobalReader {
    private static final int LONGEST_STARTUP_DELAY = 86_400;
    private static final int LONGEST_SCRIPT_TIMEOUT = 1_000;
    private static final int MOST_DOWN_TIMER_ADVERTS = 100;

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;
    private final GarpReader garp;

    private int version = 2;
    private Duration arpInterval = Duration.ZERO;
    private Duration neighborInterval = Duration.ZERO;
    private boolean minimalAnnouncements;
    private int downTimerAdverts = 3;
    private boolean lowerPriorityNoAdvert;
    private boolean higherPrioritySendsAdvert;
    private boolean ownerIgnoresAdverts;
    private boolean checkUnicastSource;
    private boolean skipAddressListCheck;
    private boolean strict;
    private boolean messageChecksum;
    private Optional<IpAddress> group4 = Optional.empty();
    private Optional<IpAddress> group6 = Optional.empty();
    private Duration startupDelay = Duration.ZERO;
    private String vmacPrefix = "vrrp";
    private Optional<String> vmacAddressPrefix = Optional.empty();
    private boolean dynamicInterfaces;
    private String defaultInterface = "eth0";
    private Optional<String> routerId = Optional.empty();
    private Optional<String> instance = Optional.empty();
    private boolean dataUsesInstance;
    private int jsonVersion = 1;
    private Optional<String> stateFile = Optional.empty();
    private Optional<String> statsFile = Optional.empty();
    private Optional<String> jsonFile = Optional.empty();
    private OptionalInt realTimePriority = OptionalInt.empty();
    private Optional<RunAs> scriptUser = Optional.empty();
    private boolean scriptSecurity;
    private final Pipe allFifo = new Pipe();
    private final Pipe vrrpFifo = new Pipe();
    private boolean priorityChanges;
    private boolean statesOnReload;
    private final OnceLines startup = new OnceLines();
    private final OnceLines shutdown = new OnceLines();

    /** What the two lines of a script that is waited for collect. */
    private static final class OnceLines {
        Optional<NotifyCommand> command = Optional.empty();
        Duration timeout = GlobalDefs.Once.DEFAULT_TIMEOUT;

        Optional<GlobalDefs.Once> once() {
            return command.map(some -> new GlobalDefs.Once(some, timeout));
        }
    }

    /** What the two lines of a named pipe collect. */
    private static final class Pipe {
        Optional<Token> path = Optional.empty();
        Optional<RunAs> owner = Optional.empty();
        Optional<NotifyCommand> script = Optional.empty();

        Optional<GlobalDefs.Fifo> fifo() {
            return path.map(it -> new GlobalDefs.Fifo(it.text(), owner, script, it.file(), it.line()));
        }
    }

    GlobalReader(BlockReader in, Arguments arguments, Findings findings) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
        this.garp = new GarpReader(arguments, findings);
    }

    Directives addTo(Directives table) {
        return table.on("global_defs", this::block).on("instance", at -> text(at, it -> instance = Optional.of(it)));
    }

    private void block(Token block) {
        Directives table = new Directives();
        garp.addTo(table, "vrrp_");
        protocol(table);
        advertChecks(table);
        scripts(table);
        awaitedScripts(table);
        process(table);
        dumps(table);
        in.block(block, Unsupported.addTo(table, Unsupported.Place.GLOBAL, in, findings));
    }

    private void protocol(Directives table) {
        table.on("vrrp_version", at -> arguments.integer(at, 2, 3, it -> version = it))
                .on("vrrp_mcast_group4", at -> group(at, false))
                .on("vrrp_mcast_group6", at -> group(at, true))
                .on("vrrp_garp_interval", at -> arguments.micros(at, it -> arpInterval = it))
                .on("vrrp_gna_interval", at -> arguments.micros(at, it -> neighborInterval = it))
                .on("vrrp_min_garp", at -> arguments.flag(at, it -> minimalAnnouncements = it))
                .on(
                        "vrrp_down_timer_adverts",
                        at -> arguments.integer(at, 1, MOST_DOWN_TIMER_ADVERTS, it -> downTimerAdverts = it))
                .on("vrrp_lower_prio_no_advert", at -> arguments.flag(at, it -> lowerPriorityNoAdvert = it))
                .on("vrrp_higher_prio_send_advert", at -> arguments.flag(at, it -> higherPrioritySendsAdvert = it))
                .on(
                        "vrrp_startup_delay",
                        at -> arguments.seconds(at, 0, LONGEST_STARTUP_DELAY, it -> startupDelay = it))
                .on("vmac_prefix", at -> text(at, it -> vmacPrefix = it))
                .on("vmac_addr_prefix", at -> text(at, it -> vmacAddressPrefix = Optional.of(it)))
                .on("dynamic_interfaces", this::dynamicInterfaces);
    }

    private void advertChecks(Directives table) {
        table.on("vrrp_owner_ignore_adverts", at -> arguments.flag(at, it -> ownerIgnoresAdverts = it))
                .on("vrrp_check_unicast_src", at -> arguments.looseFlag(at, it -> checkUnicastSource = it))
                .on("vrrp_skip_check_adv_addr", at -> arguments.looseFlag(at, it -> skipAddressListCheck = it))
                .on("vrrp_strict", at -> arguments.flag(at, it -> strict = it))
                .on(
                        "v3_checksum_as_v2",
                        at -> arguments.flag(at, it -> messageChecksum = it),
                        "vrrp_v3_checksum_as_v2");
    }

    private void scripts(Directives table) {
        // Of keepalived 2.3; the installed 2.2.7 does not know it.
        table.on("fifo_write_vrrp_states_on_reload", at -> arguments.bare(at, () -> statesOnReload = true));
        table.on("script_user", this::scriptUser)
                .on("enable_script_security", at -> arguments.bare(at, () -> scriptSecurity = true))
                .on("notify_fifo", at -> fifo(at, allFifo))
                .on("vrrp_notify_fifo", at -> fifo(at, vrrpFifo))
                .on("notify_fifo_script", at -> allFifo.script = arguments.command(at))
                .on("vrrp_notify_fifo_script", at -> vrrpFifo.script = arguments.command(at))
                .on("vrrp_notify_priority_changes", at -> arguments.flag(at, it -> priorityChanges = it));
    }

    private void scriptUser(Token at) {
        List<Token> words = arguments.all(at);
        if (words.isEmpty()) {
            in.missing(at, "USER");
        }
        scriptUser = arguments.runAs(at, words, 0);
    }

    private void awaitedScripts(Directives table) {
        table.on("startup_script", at -> awaited(at, startup))
                .on("startup_script_timeout", at -> timeout(at, startup))
                .on("shutdown_script", at -> awaited(at, shutdown))
                .on("shutdown_script_timeout", at -> timeout(at, shutdown));
    }

    private void awaited(Token at, OnceLines lines) {
        if (lines.command.isPresent()) {
            findings.invalid(at, "there is one already, the first one is used: remove this one");
            in.skip(at);
            return;
        }
        lines.command = arguments.command(at);
    }

    private void timeout(Token at, OnceLines lines) {
        arguments.integer(at, 1, LONGEST_SCRIPT_TIMEOUT, it -> lines.timeout = Duration.ofSeconds(it));
    }

    private void process(Directives table) {
        table.on("router_id", at -> text(at, it -> routerId = Optional.of(it)))
                .on("vrrp_rt_priority", at -> arguments.integer(at, 1, 99, it -> realTimePriority = OptionalInt.of(it)))
                .on("default_interface", at -> {
                    Token value = arguments.one(at, "eth0");
                    if (value != null) {
                        arguments.values().interfaceName(at, value).ifPresent(name -> defaultInterface = name);
                    }
                })
                .on("data_use_instance", at -> arguments.flag(at, it -> dataUsesInstance = it));
    }

    /** The locations are of keepalived 2.3. */
    private void dumps(Directives table) {
        table.on("json_version", at -> arguments.integer(at, 1, 2, it -> jsonVersion = it))
                .on("state_file_location", at -> location(at, it -> stateFile = Optional.of(it)))
                .on("stats_file_location", at -> location(at, it -> statsFile = Optional.of(it)))
                .on("json_file_location", at -> location(at, it -> jsonFile = Optional.of(it)));
    }

    private void location(Token at, Consumer<String> setter) {
        text(at, path -> {
            if (path.startsWith("/")) {
                setter.accept(path);
            } else {
                findings.error(at, "`" + path + "' is not a whole path: begin it with `/'; a directory ends with one");
            }
        });
    }

    private void text(Token at, Consumer<String> setter) {
        Token value = arguments.one(at, "NAME");
        if (value != null) {
            setter.accept(value.text());
        }
    }

    private void group(Token at, boolean ipv6) {
        Token value = arguments.one(at, ipv6 ? "ff02::12" : "224.0.0.18");
        if (value == null) {
            return;
        }
        try {
            IpAddress group = IpAddress.parse(value.text());
            if (group.isMulticast() && (group.family().bits() == 128) == ipv6) {
                group4 = ipv6 ? group4 : Optional.of(group);
                group6 = ipv6 ? Optional.of(group) : group6;
                return;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // reported below
        }
        findings.error(
                at,
                "`" + value.text() + "' is no " + (ipv6 ? "IPv6" : "IPv4") + " multicast group: write one such as "
                        + (ipv6 ? "ff02::12" : "224.0.0.18"));
    }

    private void fifo(Token at, Pipe pipe) {
        List<Token> words = arguments.all(at);
        if (words.isEmpty()) {
            in.missing(at, "/path/to/pipe");
        } else if (!words.get(0).text().startsWith("/")) {
            findings.error(at, "`" + words.get(0).text() + "' is not the whole path of a pipe: begin it with `/'");
        } else {
            pipe.path = Optional.of(words.get(0));
            pipe.owner = arguments.runAs(at, words, 1);
        }
    }

    private void dynamicInterfaces(Token at) {
        List<Token> words = new ArrayList<>(arguments.all(at));
        words.removeIf(word -> word.text().equals("allow_if_changes"));
        if (!words.isEmpty()) {
            findings.invalid(at, "only `allow_if_changes' may stand here: remove `" + Arguments.text(words) + "'");
        }
        dynamicInterfaces = true;
    }

    InstanceDefaults defaults() {
        AnnouncementPolicy announcements =
                garp.over(AnnouncementPolicy.DEFAULT).withIntervals(arpInterval, neighborInterval);
        return new InstanceDefaults(
                version,
                announcements,
                minimalAnnouncements,
                downTimerAdverts,
                lowerPriorityNoAdvert,
                higherPrioritySendsAdvert,
                ownerIgnoresAdverts,
                checkUnicastSource,
                skipAddressListCheck,
                strict,
                messageChecksum,
                group4,
                group6,
                startupDelay,
                vmacPrefix,
                vmacAddressPrefix.orElse(vmacPrefix),
                priorityChanges);
    }

    /** Where static addresses are that name no interface. */
    String defaultInterface() {
        return defaultInterface;
    }

    GlobalDefs config() {
        return new GlobalDefs(
                version,
                routerId,
                scriptUser,
                scriptSecurity,
                new GlobalDefs.Fifos(allFifo.fifo(), vrrpFifo.fifo(), priorityChanges, statesOnReload),
                startupDelay,
                dynamicInterfaces,
                instance,
                dataUsesInstance,
                jsonVersion,
                new GlobalDefs.Dumps(stateFile, statsFile, jsonFile),
                realTimePriority,
                startup.once(),
                shutdown.once());
    }
}
