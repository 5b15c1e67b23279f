// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects the configuration of a virtual router; {@link #build} checks it as a whole. Made by
 * {@link VirtualRouterConfig#builder} and {@link VirtualRouterConfig#toBuilder}.
 */
public final class VirtualRouterConfigBuilder {

    private static final int MILLIS_PER_CENTI = 10;

    private final String name;
    private final String interfaceName;
    private final List<VirtualAddress> addresses = new ArrayList<>();
    private final List<VirtualAddress> excludedAddresses = new ArrayList<>();
    private final List<VirtualRoute> routes = new ArrayList<>();
    private final List<VirtualRule> rules = new ArrayList<>();
    private final List<Track> tracks = new ArrayList<>();
    private Optional<Version> version = Optional.empty();
    private int virtualRouterId;
    private int priority = 100;
    private int intervalCentis = 100;
    private Authentication authentication = Authentication.NONE;
    private Optional<HmacAuthentication> hmac = Optional.empty();
    private ChecksumMode checksumMode = ChecksumMode.AUTO;
    private boolean accept = true;
    private boolean promoteSecondaries;
    private boolean preempt = ElectionRules.DEFAULT.preempt();
    private Duration preemptDelay = ElectionRules.DEFAULT.preemptDelay();
    private int downTimerAdverts = ElectionRules.DEFAULT.downTimerAdverts();
    private int maxLearnedIntervalCentis = ElectionRules.DEFAULT.maxLearnedIntervalCentis();
    private boolean lateTimerGuard = ElectionRules.DEFAULT.lateTimerGuard();
    private Duration startupDelay = ElectionRules.DEFAULT.startupDelay();
    private boolean higherPrioritySendsAdvert = ElectionRules.DEFAULT.higherPrioritySendsAdvert();
    private boolean lowerPriorityNoAdvert = ElectionRules.DEFAULT.lowerPriorityNoAdvert();
    private boolean ownerIgnoresAdverts = ElectionRules.DEFAULT.ownerIgnoresAdverts();
    private boolean dualVersion = ElectionRules.DEFAULT.dualVersion();
    private boolean onLinkSource = ElectionRules.DEFAULT.onLinkSource();
    private boolean skipAddressListCheck = ElectionRules.DEFAULT.skipAddressListCheck();
    private Transport transport = Transport.MULTICAST;
    private Optional<IpAddress> sourceAddress = Optional.empty();
    private boolean trackSource;
    private Optional<VirtualMac> virtualMac = Optional.empty();
    private boolean trackPrimary = true;
    private AnnouncementPolicy announcements = AnnouncementPolicy.DEFAULT;

    VirtualRouterConfigBuilder(String name, String interfaceName) {
        this.name = name;
        this.interfaceName = interfaceName;
    }

    VirtualRouterConfigBuilder(VirtualRouterConfig from) {
        this(from.name(), from.interfaceName());
        addresses.addAll(from.addresses());
        excludedAddresses.addAll(from.excludedAddresses());
        routes.addAll(from.routes());
        rules.addAll(from.rules());
        tracks.addAll(from.tracks());
        version = Optional.of(from.version());
        virtualRouterId = from.virtualRouterId();
        priority = from.priority();
        intervalCentis = from.intervalCentis();
        authentication = from.authentication();
        hmac = from.hmac();
        checksumMode = from.checksumMode();
        accept = from.holdings().accept();
        promoteSecondaries = from.holdings().promoteSecondaries();
        election(from.election());
        transport = from.transport();
        sourceAddress = from.sourceAddress();
        trackSource = from.trackSource();
        virtualMac = from.virtualMac();
        trackPrimary = from.trackPrimary();
        announcements = from.announcements();
    }

    /** The version; default 2 for IPv4 and 3 for IPv6, as keepalived. */
    public VirtualRouterConfigBuilder version(Version value) {
        version = Optional.of(value);
        return this;
    }

    /** The VRID, which has no default. */
    public VirtualRouterConfigBuilder virtualRouterId(int value) {
        virtualRouterId = value;
        return this;
    }

    /** The priority; default 100. */
    public VirtualRouterConfigBuilder priority(int value) {
        priority = value;
        return this;
    }

    /** The interval of advertisements; default one second; whole centiseconds. */
    public VirtualRouterConfigBuilder interval(Duration value) {
        long centis = value.toMillis() / MILLIS_PER_CENTI;
        if (!Duration.ofMillis(centis * MILLIS_PER_CENTI).equals(value) || centis != (int) centis) {
            throw new IllegalArgumentException("virtual router " + name + ": interval " + value
                    + " cannot be advertised: it must be a whole number of centiseconds");
        }
        intervalCentis = (int) centis;
        return this;
    }

    /** The authentication of version 2; default none. */
    public VirtualRouterConfigBuilder authentication(Authentication value) {
        authentication = value;
        return this;
    }

    /** Authentication by a trailer; default none. */
    public VirtualRouterConfigBuilder hmac(HmacAuthentication value) {
        hmac = Optional.of(value);
        return this;
    }

    /** The form of checksums of version 3 over IPv4; default {@link ChecksumMode#AUTO}. */
    public VirtualRouterConfigBuilder checksumMode(ChecksumMode value) {
        checksumMode = value;
        return this;
    }

    /** Adds an advertised address: {@code ADDRESS[/LENGTH]} on the router's interface. */
    public VirtualRouterConfigBuilder address(String text) {
        return address(VirtualAddress.parse(text, interfaceName));
    }

    /** Adds an advertised address. */
    public VirtualRouterConfigBuilder address(VirtualAddress value) {
        addresses.add(value);
        return this;
    }

    /** Replaces all advertised addresses. */
    public VirtualRouterConfigBuilder addresses(List<VirtualAddress> values) {
        addresses.clear();
        addresses.addAll(values);
        return this;
    }

    /** Adds an address that is not advertised: {@code ADDRESS[/LENGTH]} on the router's interface. */
    public VirtualRouterConfigBuilder excludedAddress(String text) {
        return excludedAddress(VirtualAddress.parse(text, interfaceName));
    }

    /** Adds an address that is not advertised. */
    public VirtualRouterConfigBuilder excludedAddress(VirtualAddress value) {
        excludedAddresses.add(value);
        return this;
    }

    /** Replaces all addresses that are not advertised. */
    public VirtualRouterConfigBuilder excludedAddresses(List<VirtualAddress> values) {
        excludedAddresses.clear();
        excludedAddresses.addAll(values);
        return this;
    }

    /** Adds a route. */
    public VirtualRouterConfigBuilder route(VirtualRoute value) {
        routes.add(value);
        return this;
    }

    /** Adds a policy rule. */
    public VirtualRouterConfigBuilder rule(VirtualRule value) {
        rules.add(value);
        return this;
    }

    /** Whether removing a virtual address spares the other addresses of its subnet; default false, as keepalived. */
    public VirtualRouterConfigBuilder promoteSecondaries(boolean value) {
        promoteSecondaries = value;
        return this;
    }

    /** Whether packets to the virtual addresses are accepted; default true, as keepalived (RFC 9568: false). */
    public VirtualRouterConfigBuilder accept(boolean value) {
        accept = value;
        return this;
    }

    /** All of {@link ElectionRules} at once. */
    public VirtualRouterConfigBuilder election(ElectionRules value) {
        preempt = value.preempt();
        preemptDelay = value.preemptDelay();
        downTimerAdverts = value.downTimerAdverts();
        maxLearnedIntervalCentis = value.maxLearnedIntervalCentis();
        lateTimerGuard = value.lateTimerGuard();
        startupDelay = value.startupDelay();
        higherPrioritySendsAdvert = value.higherPrioritySendsAdvert();
        lowerPriorityNoAdvert = value.lowerPriorityNoAdvert();
        ownerIgnoresAdverts = value.ownerIgnoresAdverts();
        dualVersion = value.dualVersion();
        skipAddressListCheck = value.skipAddressListCheck();
        onLinkSource = value.onLinkSource();
        return this;
    }

    /** Whether it preempts; default true. */
    public VirtualRouterConfigBuilder preempt(boolean value) {
        preempt = value;
        return this;
    }

    /** How long it listens before it preempts; default zero. */
    public VirtualRouterConfigBuilder preemptDelay(Duration value) {
        preemptDelay = value;
        return this;
    }

    /** Advertisements that may be missed before the active router is taken for dead; default 3. */
    public VirtualRouterConfigBuilder downTimerAdverts(int value) {
        downTimerAdverts = value;
        return this;
    }

    /** The longest interval believed of others; default ten seconds, or ten times the own interval if that is more. */
    public VirtualRouterConfigBuilder maxLearnedIntervalCentis(int value) {
        maxLearnedIntervalCentis = value;
        return this;
    }

    /** Whether to yield after a pause in which others must have taken over; default true. */
    public VirtualRouterConfigBuilder lateTimerGuard(boolean value) {
        lateTimerGuard = value;
        return this;
    }

    /** How long it takes no part after its start; default zero. */
    public VirtualRouterConfigBuilder startupDelay(Duration value) {
        startupDelay = value;
        return this;
    }

    /** Whether it advertises once more when it yields; default false. */
    public VirtualRouterConfigBuilder higherPrioritySendsAdvert(boolean value) {
        higherPrioritySendsAdvert = value;
        return this;
    }

    /** Whether it leaves a losing router unanswered; default false. */
    public VirtualRouterConfigBuilder lowerPriorityNoAdvert(boolean value) {
        lowerPriorityNoAdvert = value;
        return this;
    }

    /** Whether it hears nobody if it owns the addresses; default false. */
    public VirtualRouterConfigBuilder ownerIgnoresAdverts(boolean value) {
        ownerIgnoresAdverts = value;
        return this;
    }

    /** Whether it speaks version 2 beside version 3; default false. */
    public VirtualRouterConfigBuilder dualVersion(boolean value) {
        dualVersion = value;
        return this;
    }

    /** Whether address lists go unchecked while their sender stays the same; default false. */
    public VirtualRouterConfigBuilder skipAddressListCheck(boolean value) {
        skipAddressListCheck = value;
        return this;
    }

    /** Whether only what comes from an address of the link is heard; default false. */
    public VirtualRouterConfigBuilder onLinkSource(boolean value) {
        onLinkSource = value;
        return this;
    }

    /** How advertisements travel; default {@link Transport#MULTICAST}. */
    public VirtualRouterConfigBuilder transport(Transport value) {
        transport = value;
        return this;
    }

    /** The address that advertisements come from; default the interface's own. */
    public VirtualRouterConfigBuilder sourceAddress(IpAddress value) {
        sourceAddress = Optional.of(value);
        return this;
    }

    /** Whether that source address must be there; default false. */
    public VirtualRouterConfigBuilder trackSource(boolean value) {
        trackSource = value;
        return this;
    }

    /** The virtual hardware address; default none, as keepalived: the interface's own is used. */
    public VirtualRouterConfigBuilder virtualMac(VirtualMac value) {
        virtualMac = Optional.of(value);
        return this;
    }

    /** Adds something that counts for priority or health. */
    public VirtualRouterConfigBuilder track(Track value) {
        tracks.add(value);
        return this;
    }

    /** Whether its own interfaces must be up; default true. */
    public VirtualRouterConfigBuilder trackPrimary(boolean value) {
        trackPrimary = value;
        return this;
    }

    /** How addresses are announced; default {@link AnnouncementPolicy#DEFAULT}. */
    public VirtualRouterConfigBuilder announcements(AnnouncementPolicy value) {
        announcements = value;
        return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if it cannot work, with what and why
     */
    public VirtualRouterConfig build() {
        Holdings holdings = holdings();
        return new VirtualRouterConfig(
                name,
                interfaceName,
                version.orElse(holdings.family() == AddressFamily.IPV4 ? Version.V2 : Version.V3),
                virtualRouterId,
                priority,
                intervalCentis,
                authentication,
                hmac,
                checksumMode,
                holdings,
                rulesOfElection(),
                transport,
                sourceAddress,
                trackSource,
                virtualMac,
                tracks,
                trackPrimary,
                announcements);
    }

    private Holdings holdings() {
        try {
            return new Holdings(addresses, excludedAddresses, routes, rules, accept, promoteSecondaries);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("virtual router " + name + ": " + e.getMessage(), e);
        }
    }

    private ElectionRules rulesOfElection() {
        try {
            return new ElectionRules(
                    preempt,
                    preemptDelay,
                    downTimerAdverts,
                    maxLearnedIntervalCentis,
                    lateTimerGuard,
                    startupDelay,
                    higherPrioritySendsAdvert,
                    lowerPriorityNoAdvert,
                    ownerIgnoresAdverts,
                    dualVersion,
                    skipAddressListCheck,
                    onLinkSource);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("virtual router " + name + ": " + e.getMessage(), e);
        }
    }
}
