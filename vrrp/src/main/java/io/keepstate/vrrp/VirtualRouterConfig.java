// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of one virtual router (keepalived: vrrp_instance). Make one with {@link #builder}; every setting has
 * keepalived's default unless it says otherwise.
 *
 * @param name how operators call it
 * @param interfaceName the interface it advertises on
 * @param version version of the protocol; version 2 over IPv6 is an extension of keepalived's
 * @param virtualRouterId VRID, 1 to 255
 * @param priority 1 to 255; 255 for the owner of the addresses
 * @param intervalCentis interval of its advertisements in centiseconds: version 3 1 to 4095, version 2 whole seconds
 * @param authentication version 2 over IPv4 only
 * @param hmac authentication by a trailer (keepalived 2.4: auth_hmac); excludes the other
 * @param checksumMode version 3 over IPv4 only
 * @param holdings what it holds while active
 * @param election how it takes part in elections
 * @param transport how its advertisements travel
 * @param sourceAddress the address they come from; absent: the interface's primary one, or its link-local one for IPv6
 *     (keepalived: mcast_src_ip, unicast_src_ip)
 * @param trackSource whether the configured source address must be there: on an interface that the router uses (keepalived:
 *     track_src_ip)
 * @param virtualMac the virtual hardware address; absent: the interface's own
 * @param tracks what counts for its priority and health, each thing once
 * @param trackPrimary whether the interface it advertises on, and those of its addresses, must be up (keepalived: not
 *     dont_track_primary)
 * @param announcements how its addresses are announced
 */
public record VirtualRouterConfig(
        String name,
        String interfaceName,
        Version version,
        int virtualRouterId,
        int priority,
        int intervalCentis,
        Authentication authentication,
        Optional<HmacAuthentication> hmac,
        ChecksumMode checksumMode,
        Holdings holdings,
        ElectionRules election,
        Transport transport,
        Optional<IpAddress> sourceAddress,
        boolean trackSource,
        Optional<VirtualMac> virtualMac,
        List<Track> tracks,
        boolean trackPrimary,
        AnnouncementPolicy announcements) {

    private static final int CENTIS_PER_SECOND = 100;
    /** A forged interval may hold a takeover back, but not for minutes. */
    private static final int LONGEST_BELIEVED_CENTIS = 10 * CENTIS_PER_SECOND;

    private static final int BELIEVED_TIMES_OWN = 10;

    /** Refuses what cannot work, naming the virtual router and the setting. */
    public VirtualRouterConfig {
        tracks = List.copyOf(tracks);
        String who = "virtual router " + name + ": ";
        check(!name.isEmpty(), "a virtual router needs a name");
        check(!interfaceName.isEmpty(), who + "it needs an interface to advertise on");
        check(virtualRouterId >= 1 && virtualRouterId <= 255, who + "VRID " + virtualRouterId + " must be 1 to 255");
        check(
                priority >= 1 && priority <= Advertisement.PRIORITY_OWNER,
                who + "priority " + priority + " must be 1 to 255");
        AddressFamily family = holdings.family();
        if (version == Version.V2) {
            check(
                    family == AddressFamily.IPV4 || authentication.equals(Authentication.NONE),
                    who + "version 2 over IPv6 has no authentication; remove it or use auth_hmac");
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
                hmac.isEmpty() || authentication.equals(Authentication.NONE),
                who + "HMAC authentication and " + authentication + " exclude each other; remove one");
        int believed = election.maxLearnedIntervalCentis();
        check(
                believed == 0 || believed >= intervalCentis,
                who + "the longest believed interval must not be shorter than its own");
        check(
                !election.dualVersion() || (version == Version.V3 && family == AddressFamily.IPV4),
                who + "speaking version 2 beside version 3 needs version 3 and IPv4 addresses");
        checkAddresses(who, family, transport, sourceAddress);
        check(!trackSource || sourceAddress.isPresent(), who + "there is no source address to be tracked; name one");
        check(tracks.stream().map(Track::what).distinct().count() == tracks.size(), who + "something is tracked twice");
        check(
                priority != Advertisement.PRIORITY_OWNER || tracks.stream().allMatch(track -> track.weight() == 0),
                who + "the owner stays at priority 255: what it tracks cannot have a weight");
    }

    /** Starts a configuration with keepalived's defaults. */
    public static VirtualRouterConfigBuilder builder(String name, String interfaceName) {
        return new VirtualRouterConfigBuilder(name, interfaceName);
    }

    /** A builder that holds this configuration, for one that differs in a few points. */
    public VirtualRouterConfigBuilder toBuilder() {
        return new VirtualRouterConfigBuilder(this);
    }

    /** The family of the advertised addresses, which is the one of the packets. */
    public AddressFamily family() {
        return holdings.family();
    }

    /** Whether this router owns the virtual addresses. */
    public boolean isOwner() {
        return priority == Advertisement.PRIORITY_OWNER;
    }

    /** See {@link Holdings#addresses}. */
    public List<VirtualAddress> addresses() {
        return holdings.addresses();
    }

    /** See {@link Holdings#excludedAddresses}. */
    public List<VirtualAddress> excludedAddresses() {
        return holdings.excludedAddresses();
    }

    /**
     * All virtual addresses, the advertised ones, then the excluded ones, each with the interface that carries it: with a
     * virtual MAC those of the router's own interface are on that of the virtual MAC, and one with its own on that.
     */
    public List<VirtualAddress> allAddresses() {
        List<VirtualAddress> all = new ArrayList<>(addresses());
        all.addAll(excludedAddresses());
        return all.stream().map(this::placed).toList();
    }

    private VirtualAddress placed(VirtualAddress address) {
        Optional<String> ownMac = address.options().virtualMac();
        if (ownMac.isEmpty()
                && (virtualMac.isEmpty() || !address.interfaceName().equals(interfaceName))) {
            return address;
        }
        String carrier = ownMac.orElseGet(() -> virtualMac.orElseThrow().interfaceName());
        return new VirtualAddress(address.address(), address.prefixLength(), carrier, address.options());
    }

    /** The interfaces with virtual MACs that are made for this router: its own, and those of single addresses. */
    public Set<String> virtualMacInterfaces() {
        Set<String> names = new LinkedHashSet<>();
        virtualMac.ifPresent(mac -> names.add(mac.interfaceName()));
        holdings.allAddresses()
                .forEach(address -> address.options().virtualMac().ifPresent(names::add));
        return names;
    }

    /**
     * The interface that advertisements leave and arrive by: that of the virtual MAC, unless they are to stay on the router's
     * own. Unicast always does, since it comes from an address of that one.
     */
    public String advertisingInterface() {
        boolean onVirtualMac = transport instanceof Transport.Multicast
                && virtualMac.isPresent()
                && !virtualMac.get().transmitOnBase();
        return onVirtualMac ? virtualMac.get().interfaceName() : interfaceName;
    }

    /**
     * The first address of each interface that carries addresses but neither sends nor receives advertisements: those of
     * virtual MACs, or all such interfaces, as the announcements are configured (keepalived: garp_extra_if).
     */
    public List<VirtualAddress> extraAnnounced() {
        Map<String, VirtualAddress> byInterface = new LinkedHashMap<>();
        for (VirtualAddress address : allAddresses()) {
            String name = address.interfaceName();
            boolean onVirtualMac = address.options().virtualMac().isPresent()
                    || (virtualMac.isPresent()
                            && virtualMac.get().interfaceName().equals(name));
            if (!name.equals(advertisingInterface()) && (onVirtualMac || announcements.extraEverywhere())) {
                byInterface.putIfAbsent(name, address);
            }
        }
        return List.copyOf(byInterface.values());
    }

    /**
     * Whether an advertisement for one could be meant for the other: they have the same VRID, speak at the same place, and have
     * no different unicast peers that would tell them apart.
     */
    public boolean clashesWith(VirtualRouterConfig other) {
        boolean samePlace = virtualRouterId == other.virtualRouterId
                && family() == other.family()
                && advertisingInterface().equals(other.advertisingInterface())
                && (authentication.type() == Authentication.TYPE_HEADER)
                        == (other.authentication.type() == Authentication.TYPE_HEADER);
        if (!samePlace) {
            return false;
        }
        if (transport instanceof Transport.Unicast ours && other.transport instanceof Transport.Unicast theirs) {
            return sourceAddress.equals(other.sourceAddress)
                    && ours.peers().stream()
                            .anyMatch(peer -> theirs.peers().stream()
                                    .anyMatch(each -> each.address().equals(peer.address())));
        }
        return transport instanceof Transport.Multicast ours
                && other.transport instanceof Transport.Multicast theirs
                && ours.group()
                        .orElse(family().vrrpGroup())
                        .equals(theirs.group().orElse(family().vrrpGroup()));
    }

    /** The addresses as they stand in advertisements. */
    public List<IpAddress> advertisedAddresses() {
        return addresses().stream().map(VirtualAddress::address).toList();
    }

    /** See {@link Holdings#routes}. */
    public List<VirtualRoute> routes() {
        return holdings.routes();
    }

    /** See {@link Holdings#rules}. */
    public List<VirtualRule> rules() {
        return holdings.rules();
    }

    /** See {@link Holdings#accept}; always true for the owner. */
    public boolean accept() {
        return holdings.accept() || isOwner();
    }

    /** See {@link ElectionRules#preempt}; always true for the owner (RFC 9568 section 6.1). */
    public boolean preempt() {
        return election.preempt() || isOwner();
    }

    /** See {@link ElectionRules#preemptDelay}; none for the owner. */
    public Duration preemptDelay() {
        return isOwner() ? Duration.ZERO : election.preemptDelay();
    }

    /** See {@link ElectionRules#downTimerAdverts}. */
    public int downTimerAdverts() {
        return election.downTimerAdverts();
    }

    /** See {@link ElectionRules#maxLearnedIntervalCentis}; never 0. */
    public int maxLearnedIntervalCentis() {
        int configured = election.maxLearnedIntervalCentis();
        return configured > 0 ? configured : Math.max(LONGEST_BELIEVED_CENTIS, BELIEVED_TIMES_OWN * intervalCentis);
    }

    /** See {@link ElectionRules#lateTimerGuard}. */
    public boolean lateTimerGuard() {
        return election.lateTimerGuard();
    }

    /** See {@link ElectionRules#startupDelay}. */
    public Duration startupDelay() {
        return election.startupDelay();
    }

    /** See {@link ElectionRules#higherPrioritySendsAdvert}. */
    public boolean higherPrioritySendsAdvert() {
        return election.higherPrioritySendsAdvert();
    }

    /** See {@link ElectionRules#lowerPriorityNoAdvert}. */
    public boolean lowerPriorityNoAdvert() {
        return election.lowerPriorityNoAdvert();
    }

    /** See {@link ElectionRules#ownerIgnoresAdverts}. */
    public boolean ownerIgnoresAdverts() {
        return election.ownerIgnoresAdverts();
    }

    /** See {@link ElectionRules#dualVersion}. */
    public boolean dualVersion() {
        return election.dualVersion();
    }

    /** See {@link ElectionRules#skipAddressListCheck}. */
    public boolean skipAddressListCheck() {
        return election.skipAddressListCheck();
    }

    /** See {@link ElectionRules#onLinkSource}. */
    public boolean onLinkSource() {
        return election.onLinkSource();
    }

    private static void checkAddresses(
            String who, AddressFamily family, Transport transport, Optional<IpAddress> source) {
        if (transport instanceof Transport.Unicast unicast) {
            for (UnicastPeer peer : unicast.peers()) {
                check(
                        peer.address().family() == family,
                        who + "unicast peer " + peer.address() + " is not of the family of the virtual addresses");
                check(
                        !source.equals(Optional.of(peer.address())),
                        who + "unicast peer " + peer.address() + " is its own source address");
            }
        } else if (transport instanceof Transport.Multicast multicast) {
            multicast
                    .group()
                    .ifPresent(group -> check(
                            group.family() == family,
                            who + "multicast group " + group + " is not of the family of the virtual addresses"));
        }
        source.ifPresent(address -> check(
                address.family() == family && !address.isMulticast(),
                who + "source address " + address + " is not a host address of the family of the virtual addresses"));
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
