// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.keepalived.InstanceConfig.InitialState;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Makes an instance of what its block says: defaults, what excludes what, and what cannot work. Where keepalived goes on
 * with another value than the written one, so do we, and say which.
 */
final class InstanceBuilder {
    private static final long CENTI_NANOS = 10_000_000;
    private static final int LONGEST_V3_CENTIS = 4_095;

    private final InstanceReader read;
    private final InstanceDefaults defaults;
    private final GarpGroups garpGroups;
    private final VirtualMacs virtualMacs;
    private final Findings findings;
    private boolean failed;

    InstanceBuilder(
            InstanceReader read,
            InstanceDefaults defaults,
            GarpGroups garpGroups,
            VirtualMacs virtualMacs,
            Findings findings) {
        this.read = read;
        this.defaults = defaults;
        this.garpGroups = garpGroups;
        this.virtualMacs = virtualMacs;
        this.findings = findings;
    }

    /** The instance with what it tracks, empty after reporting what is missing or does not fit together. */
    Optional<InstanceConfig> build(TrackResolver tracks) {
        try {
            return assemble(tracks);
        } catch (IllegalArgumentException e) {
            findings.error(read.block, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<InstanceConfig> assemble(TrackResolver tracks) {
        String device = read.interfaceName;
        if (read.isBroken() || !isComplete() || device == null) {
            return Optional.empty();
        }
        AddressFamily family =
                read.nativeIpv6 || read.addresses.get(0).isIpv6() ? AddressFamily.IPV6 : AddressFamily.IPV4;
        boolean strict = read.strict.orElse(defaults.strict());
        Version version = version(family, strict);
        int priority = priority();
        InitialState state = state(priority, strict);
        VirtualRouterConfigBuilder router = VirtualRouterConfig.builder(read.name, device)
                .version(version)
                .virtualRouterId(read.virtualRouterId)
                .priority(priority)
                .interval(Duration.ofMillis(10L * intervalCentis(version)))
                .checksumMode(checksumMode(version))
                .startupDelay(defaults.startupDelay())
                .trackPrimary(read.trackPrimary)
                .promoteSecondaries(read.promoteSecondaries)
                .announcements(announcements(strict));
        transport(family, strict, router);
        // Before those of addresses, so that the interface of the router itself has the plain name.
        Optional<VirtualMac> virtualMac = virtualMac(family, strict);
        failed |= virtualMac.isEmpty() && read.vmacAt != null;
        virtualMac.ifPresent(router::virtualMac);
        failed |= !new InstanceAddresses(read, defaults, virtualMacs, findings).addTo(router, family, device);
        read.routes.forEach(router::route);
        read.rules.forEach(router::rule);
        authentication(family, version, strict, router);
        new InstanceElection(read, defaults, findings, strict).addTo(router, priority, state);
        router.accept(accept(version, priority, strict));
        List<Track> tracked = tracks.of(read, priority);
        tracked.forEach(router::track);
        return finish(router, state, strict);
    }

    private Optional<InstanceConfig> finish(VirtualRouterConfigBuilder router, InitialState state, boolean strict) {
        if (failed) {
            return Optional.empty();
        }
        return Optional.of(new InstanceConfig(
                router.build(),
                state,
                read.notify.config(),
                read.notify.priorityChanges().orElse(defaults.priorityChanges()),
                strict,
                read.block.line()));
    }

    private boolean isComplete() {
        Token block = read.block;
        if (read.interfaceName == null) {
            findings.error(block, "instance " + read.name + " has no interface: add `interface eth0'");
        }
        if (read.virtualRouterId == 0) {
            findings.error(
                    block,
                    "instance " + read.name + " has no virtual_router_id: add `virtual_router_id NUMBER', 1 to"
                            + " 255, the same on both nodes");
        }
        if (read.addresses.isEmpty()) {
            findings.error(block, "instance " + read.name + " has no virtual address: add `virtual_ipaddress { ... }'");
        }
        return read.interfaceName != null && read.virtualRouterId != 0 && !read.addresses.isEmpty();
    }

    private Version version(AddressFamily family, boolean strict) {
        if (family == AddressFamily.IPV4) {
            return (read.version == 0 ? defaults.version() : read.version) == 3 ? Version.V3 : Version.V2;
        }
        if (read.version == 2 && !strict) {
            findings.warn(
                    read.block,
                    "instance " + read.name + " asks for version 2 with IPv6 addresses, which only keepalived speaks:"
                            + " write `version 3' on all nodes");
            return Version.V2;
        }
        Token first = read.addresses.get(0).at();
        if (strict && !read.addresses.get(0).address().isLinkLocal()) {
            findings.invalid(first, "strict mode wants a link-local address first (RFC 9568 5.2.9): add fe80::...");
        }
        return Version.V3;
    }

    private int intervalCentis(Version version) {
        Token at = read.advertIntervalAt;
        Duration wanted = read.advertInterval;
        if (at == null) {
            return 100;
        }
        if (version == Version.V2) {
            int seconds = (int) Math.max(1, Math.round(wanted.toNanos() / 1e9));
            if (!wanted.equals(Duration.ofSeconds(seconds))) {
                findings.invalid(
                        at,
                        "VRRP version 2 counts whole seconds, " + seconds + " s is used: write `advert_int " + seconds
                                + "', or `version 3' on all nodes");
            }
            return seconds * 100;
        }
        long centis = Math.min(LONGEST_V3_CENTIS, Math.max(1, (wanted.toNanos() + CENTI_NANOS / 2) / CENTI_NANOS));
        if (wanted.toNanos() > LONGEST_V3_CENTIS * CENTI_NANOS) {
            findings.invalid(
                    at, "VRRP version 3 has room for 40.95 seconds at most, that is used: write a shorter advert_int");
        } else if (wanted.toNanos() != centis * CENTI_NANOS) {
            findings.invalid(
                    at,
                    "VRRP version 3 counts hundredths of a second, " + centis * 10
                            + " ms is used: write a multiple of 0.01");
        }
        return (int) centis;
    }

    /** keepalived's rule: 255 when MASTER is wished for and no priority is given, else 100. */
    private int priority() {
        if (read.priority != 0) {
            return read.priority;
        }
        return isMaster(read.initialState) ? Advertisement.PRIORITY_OWNER : 100;
    }

    private static boolean isMaster(Optional<InitialState> state) {
        return state.filter(InitialState.MASTER::equals).isPresent();
    }

    /** keepalived's rule: an owner that gives no state wishes for MASTER. */
    private InitialState state(int priority, boolean strict) {
        Token at = read.stateAt;
        if (strict && at != null && isMaster(read.initialState) != (priority == Advertisement.PRIORITY_OWNER)) {
            findings.invalid(
                    at,
                    "in strict mode the state is MASTER for priority 255 and BACKUP for any other: correct one of them");
            return priority == Advertisement.PRIORITY_OWNER ? InitialState.MASTER : InitialState.BACKUP;
        }
        return read.initialState.orElse(
                priority == Advertisement.PRIORITY_OWNER ? InitialState.MASTER : InitialState.BACKUP);
    }

    private ChecksumMode checksumMode(Version version) {
        if (version == Version.V2 && read.checksumMode.isPresent()) {
            return ChecksumMode.AUTO; // version 2 has one form only
        }
        return read.checksumMode.orElse(defaults.messageChecksum() ? ChecksumMode.RFC9568 : ChecksumMode.AUTO);
    }

    private AnnouncementPolicy announcements(boolean strict) {
        AnnouncementPolicy base = defaults.announcements();
        AnnouncementPolicy policy = garpGroups.apply(read.garp.over(base));
        if (defaults.minimalAnnouncements()) {
            policy = AnnouncementPolicy.ONCE
                    .withIntervals(policy.arpInterval(), policy.neighborInterval())
                    .withExtra(policy.extraInterval(), policy.extraEverywhere())
                    .withPauses(policy.pauses());
        }
        if (!strict) {
            return policy;
        }
        read.garp
                .lowerRepeatAt()
                .ifPresent(at -> findings.invalid(
                        at, "strict mode does not answer a losing router with announcements, 0 is used: remove it"));
        return policy.withLowerPriority(0, Duration.ZERO);
    }

    private void authentication(
            AddressFamily family, Version version, boolean strict, VirtualRouterConfigBuilder router) {
        Optional<Token> at = read.authentication.at();
        if (at.isEmpty()) {
            return;
        }
        Optional<HmacAuthentication> hmac = read.authentication.hmacAuthentication();
        boolean hasPassword = read.authentication.authentication().type() != 0;
        if (hmac.isPresent()) {
            if (hasPassword) {
                findings.invalid(
                        at.get(),
                        "authentication and auth_hmac exclude each other, auth_hmac is used: remove the other");
            }
            // Strict mode accepts nothing unsigned.
            router.hmac(strict ? hmac.get().withMode(HmacAuthentication.Mode.ENFORCE) : hmac.get());
        } else if (!hasPassword) {
            return;
        } else if (version == Version.V3 || family == AddressFamily.IPV6) {
            findings.invalid(
                    at.get(),
                    "VRRP version 3 and IPv6 have no authentication, that of instance " + read.name
                            + " has no effect: remove the authentication block");
        } else if (strict) {
            findings.invalid(at.get(), "strict mode has no authentication (RFC 3768), it has no effect: remove it");
        } else {
            router.authentication(read.authentication.authentication());
        }
    }

    private boolean accept(Version version, int priority, boolean strict) {
        Token at = read.acceptAt;
        if (strict && at != null && version == Version.V2 && read.accept.orElse(false)) {
            findings.invalid(at, "version 2 in strict mode has no accept mode (RFC 3768), it has no effect: remove it");
            return priority == Advertisement.PRIORITY_OWNER;
        }
        return read.accept.orElse(!strict || priority == Advertisement.PRIORITY_OWNER);
    }

    private void transport(AddressFamily family, boolean strict, VirtualRouterConfigBuilder router) {
        if (strict && read.unicast.isUnicast()) {
            read.unicast
                    .at()
                    .ifPresent(at -> findings.invalid(
                            at, "strict mode has no unicast (RFC 9568 5.1.1.2), multicast is used: remove the peers"));
            read.unicast.forgetPeers();
        }
        Optional<IpAddress> group = family == AddressFamily.IPV6 ? defaults.group6() : defaults.group4();
        Optional<Transport> transport = read.unicast.transport(family, group, defaults.checkUnicastSource());
        failed |= transport.isEmpty();
        transport.ifPresent(router::transport);
        read.unicast.source(family).ifPresent(router::sourceAddress);
        router.trackSource(read.unicast.tracksSource(family));
    }

    private Optional<VirtualMac> virtualMac(AddressFamily family, boolean strict) {
        Token at = read.vmacAt;
        if (at == null) {
            if (read.transmitOnBaseAt != null) {
                findings.invalid(read.transmitOnBaseAt, "has no effect without use_vmac: add that or remove this");
            }
            return Optional.empty();
        }
        boolean base = read.transmitOnBaseAt != null;
        if (strict && read.transmitOnBaseAt != null) {
            findings.invalid(
                    read.transmitOnBaseAt, "strict mode sends from the virtual MAC, it has no effect: remove it");
            base = false;
        }
        if (read.unicast.isUnicast() && !base) {
            findings.invalid(at, "unicast beside use_vmac needs vmac_xmit_base, it is taken as given: add it");
            base = true;
        }
        return virtualMacs.of(read.vmacWords, at, read.virtualRouterId, family, defaults.vmacPrefix(), base);
    }
}
