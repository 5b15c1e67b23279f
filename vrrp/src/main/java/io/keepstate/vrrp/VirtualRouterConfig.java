// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of one virtual router (keepalived: vrrp_instance). Make one with {@link #builder}.
 *
 * @param name how operators call it
 * @param interfaceName the interface it advertises on
 * @param version version of the protocol
 * @param virtualRouterId VRID, 1 to 255
 * @param priority 1 to 255; 255 for the owner of the addresses
 * @param intervalCentis interval of its advertisements in centiseconds: version 3 1 to 4095, version 2 whole seconds
 * @param preempt whether it takes the role from an active router of lower priority
 * @param authentication version 2 only
 * @param checksumMode version 3 over IPv4 only
 * @param addresses the virtual addresses it advertises: at least one, all of one family
 * @param excludedAddresses further virtual addresses of any family that move with it, not advertised
 * @param maxLearnedIntervalCentis longest interval believed of another active router; a forged one cannot delay a
 *     takeover by more than three of these and the skew
 * @param lateTimerGuard yield instead of advertising after a pause so long that others have taken over
 * @param announcements how its addresses are announced
 */
public record VirtualRouterConfig(
        String name,
        String interfaceName,
        Version version,
        int virtualRouterId,
        int priority,
        int intervalCentis,
        boolean preempt,
        Authentication authentication,
        ChecksumMode checksumMode,
        List<VirtualAddress> addresses,
        List<VirtualAddress> excludedAddresses,
        int maxLearnedIntervalCentis,
        boolean lateTimerGuard,
        AnnouncementPolicy announcements) {

    private static final int CENTIS_PER_SECOND = 100;

    /** Refuses what cannot work, naming the virtual router and the setting. */
    public VirtualRouterConfig {
        addresses = List.copyOf(addresses);
        excludedAddresses = List.copyOf(excludedAddresses);
        String who = "virtual router " + name + ": ";
        check(!name.isEmpty(), "a virtual router needs a name");
        check(!interfaceName.isEmpty(), who + "it needs an interface to advertise on");
        check(virtualRouterId >= 1 && virtualRouterId <= 255, who + "VRID " + virtualRouterId + " must be 1 to 255");
        check(
                priority >= 1 && priority <= Advertisement.PRIORITY_OWNER,
                who + "priority " + priority + " must be 1 to 255");
        check(
                !addresses.isEmpty() && addresses.size() <= 255,
                who + addresses.size() + " virtual addresses: it needs 1 to 255");
        AddressFamily family = addresses.get(0).address().family();
        for (VirtualAddress each : addresses) {
            check(
                    each.address().family() == family,
                    who + "virtual address " + each.address()
                            + " is not of the family of the first one; put it among the excluded addresses");
        }
        if (version == Version.V2) {
            check(family == AddressFamily.IPV4, who + "version 2 is for IPv4 only; use version 3");
            check(
                    intervalCentis % CENTIS_PER_SECOND == 0
                            && intervalCentis > 0
                            && intervalCentis <= 255 * CENTIS_PER_SECOND,
                    who + "interval of " + intervalCentis + " centiseconds: version 2 takes whole seconds, 1 to 255");
        } else {
            check(
                    intervalCentis >= 1 && intervalCentis <= 4095,
                    who + "interval of " + intervalCentis + " centiseconds: version 3 takes 1 to 4095");
            check(
                    authentication.equals(Authentication.NONE),
                    who + "version 3 has no authentication; remove it or use version 2");
        }
        check(
                maxLearnedIntervalCentis >= intervalCentis,
                who + "the longest believed interval must not be shorter than its own");
    }

    /** Starts a configuration with keepalived's defaults. */
    public static Builder builder(String name, String interfaceName) {
        return new Builder(name, interfaceName);
    }

    /** The family of the advertised addresses, which is the one of the packets. */
    public AddressFamily family() {
        return addresses.get(0).address().family();
    }

    /** Whether this router owns the virtual addresses. */
    public boolean isOwner() {
        return priority == Advertisement.PRIORITY_OWNER;
    }

    /** All virtual addresses: the advertised ones, then the excluded ones. */
    public List<VirtualAddress> allAddresses() {
        List<VirtualAddress> all = new ArrayList<>(addresses);
        all.addAll(excludedAddresses);
        return List.copyOf(all);
    }

    /** The addresses as they stand in advertisements. */
    public List<IpAddress> advertisedAddresses() {
        return addresses.stream().map(VirtualAddress::address).toList();
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }

    /** Collects a configuration; {@link #build} checks it as a whole. */
    public static final class Builder {
        /** A forged interval may hold a takeover back, but not for minutes. */
        private static final int LONGEST_BELIEVED_CENTIS = 10 * CENTIS_PER_SECOND;

        private static final int BELIEVED_TIMES_OWN = 10;

        private final String name;
        private final String interfaceName;
        private final List<VirtualAddress> addresses = new ArrayList<>();
        private final List<VirtualAddress> excludedAddresses = new ArrayList<>();
        private Version version = Version.V2;
        private int virtualRouterId;
        private int priority = 100;
        private int intervalCentis = CENTIS_PER_SECOND;
        private boolean preempt = true;
        private Authentication authentication = Authentication.NONE;
        private ChecksumMode checksumMode = ChecksumMode.AUTO;
        private int maxLearnedIntervalCentis;
        private boolean lateTimerGuard;
        private AnnouncementPolicy announcements = AnnouncementPolicy.DEFAULT;

        private Builder(String name, String interfaceName) {
            this.name = name;
            this.interfaceName = interfaceName;
        }

        /** The version; default 2, as keepalived. */
        public Builder version(Version value) {
            version = value;
            return this;
        }

        /** The VRID, which has no default. */
        public Builder virtualRouterId(int value) {
            virtualRouterId = value;
            return this;
        }

        /** The priority; default 100. */
        public Builder priority(int value) {
            priority = value;
            return this;
        }

        /** The interval of advertisements; default one second; whole centiseconds. */
        public Builder interval(Duration value) {
            long centis = value.toMillis() / 10;
            if (!Duration.ofMillis(centis * 10).equals(value) || centis != (int) centis) {
                throw new IllegalArgumentException("virtual router " + name + ": interval " + value
                        + " cannot be advertised: it must be a whole number of centiseconds");
            }
            intervalCentis = (int) centis;
            return this;
        }

        /** Whether it preempts; default true. */
        public Builder preempt(boolean value) {
            preempt = value;
            return this;
        }

        /** The authentication of version 2; default none. */
        public Builder authentication(Authentication value) {
            authentication = value;
            return this;
        }

        /** The form of checksums of version 3 over IPv4; default {@link ChecksumMode#AUTO}. */
        public Builder checksumMode(ChecksumMode value) {
            checksumMode = value;
            return this;
        }

        /** Adds an advertised address: {@code ADDRESS[/LENGTH]} on the router's interface. */
        public Builder address(String text) {
            return address(VirtualAddress.parse(text, interfaceName));
        }

        /** Adds an advertised address. */
        public Builder address(VirtualAddress value) {
            addresses.add(value);
            return this;
        }

        /** Adds an address that is not advertised: {@code ADDRESS[/LENGTH]} on the router's interface. */
        public Builder excludedAddress(String text) {
            return excludedAddress(VirtualAddress.parse(text, interfaceName));
        }

        /** Adds an address that is not advertised. */
        public Builder excludedAddress(VirtualAddress value) {
            excludedAddresses.add(value);
            return this;
        }

        /** The longest interval believed of others; default ten seconds, or ten times the own interval if that is more. */
        public Builder maxLearnedIntervalCentis(int value) {
            maxLearnedIntervalCentis = value;
            return this;
        }

        /** Whether to yield after a pause in which others must have taken over; default false. */
        public Builder lateTimerGuard(boolean value) {
            lateTimerGuard = value;
            return this;
        }

        /** How addresses are announced; default {@link AnnouncementPolicy#DEFAULT}. */
        public Builder announcements(AnnouncementPolicy value) {
            announcements = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if it cannot work, with what and why
         */
        public VirtualRouterConfig build() {
            int believed = maxLearnedIntervalCentis > 0
                    ? maxLearnedIntervalCentis
                    : Math.max(LONGEST_BELIEVED_CENTIS, BELIEVED_TIMES_OWN * intervalCentis);
            return new VirtualRouterConfig(
                    name,
                    interfaceName,
                    version,
                    virtualRouterId,
                    priority,
                    intervalCentis,
                    preempt,
                    authentication,
                    checksumMode,
                    addresses,
                    excludedAddresses,
                    believed,
                    lateTimerGuard,
                    announcements);
        }
    }
}
