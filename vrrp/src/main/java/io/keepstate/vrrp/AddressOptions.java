// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.IpAddress;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a virtual address is put on its interface (keepalived: the words behind an address). Change one of
 * {@link #DEFAULT} through {@link #builder}.
 *
 * @param broadcast IPv4 only ({@code brd}); none by default, as keepalived
 * @param scope RT_SCOPE_ number, 0 (global) by default; the kernel gives IPv6 addresses the scope of their range
 * @param label IPv4 only: the interface's name, or that with a colon and more; at most 15 octets
 * @param peer the other end of a point-to-point address; the prefix length is then the peer's
 * @param duplicateDetection IPv6: whether to ask first if somebody has the address ({@code -nodad}). False by default: the
 *     previous holder may still be there for a moment, and an address that failed once stays unusable
 * @param home IPv6: a home address of mobile IPv6
 * @param manageTemporary IPv6: the template of temporary addresses ({@code mngtmpaddr})
 * @param noPrefixRoute do not make the route to the address's network
 * @param autoJoin join the multicast group that is the address
 * @param preferredSeconds how long after it went up it is chosen as source address. Empty for the default: for ever, but 0
 *     for an IPv6 host address (/128), which is never to be chosen
 * @param tracked whether its loss while active is a loss of the role (false: {@code no_track})
 * @param virtualMac the interface with the router's virtual MAC that carries it, made for it on top of the one it names; for
 *     addresses on other interfaces than the router's, or of the other family ({@code use_vmac}, use_vmac_addr)
 */
public record AddressOptions(
        Optional<IpAddress> broadcast,
        int scope,
        Optional<String> label,
        Optional<IpAddress> peer,
        boolean duplicateDetection,
        boolean home,
        boolean manageTemporary,
        boolean noPrefixRoute,
        boolean autoJoin,
        OptionalLong preferredSeconds,
        boolean tracked,
        Optional<String> virtualMac) {

    /** What an address has when nothing is said. */
    public static final AddressOptions DEFAULT = new Builder().build();

    private static final int LONGEST_LABEL = 15;
    private static final int LONGEST_INTERFACE = 15;
    private static final long FOREVER = 0xffff_ffffL;

    /** Refuses numbers the kernel does not have. */
    public AddressOptions {
        if (scope < 0 || scope > 255) {
            throw new IllegalArgumentException("scope " + scope + " of an address must be 0 to 255");
        }
        if (label.isPresent() && (label.get().isEmpty() || label.get().length() > LONGEST_LABEL)) {
            throw new IllegalArgumentException(
                    "label '" + label.get() + "' must have 1 to " + LONGEST_LABEL + " characters");
        }
        if (preferredSeconds.isPresent()
                && (preferredSeconds.getAsLong() < 0 || preferredSeconds.getAsLong() > FOREVER)) {
            throw new IllegalArgumentException("preferred lifetime " + preferredSeconds.getAsLong() + " s must be 0 to "
                    + FOREVER + " (for ever)");
        }
        if (virtualMac.isPresent()
                && (virtualMac.get().isEmpty() || virtualMac.get().length() > LONGEST_INTERFACE)) {
            throw new IllegalArgumentException(
                    "virtual MAC interface '" + virtualMac.get() + "': a name has 1 to 15 characters");
        }
    }

    /** The same on an interface with a virtual MAC that is made for it. */
    public AddressOptions onVirtualMac(String interfaceName) {
        return toBuilder().virtualMac(interfaceName).build();
    }

    /** Starts from {@link #DEFAULT}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from these. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Collects options. */
    public static final class Builder {
        private Optional<IpAddress> broadcast = Optional.empty();
        private int scope;
        private Optional<String> label = Optional.empty();
        private Optional<IpAddress> peer = Optional.empty();
        private boolean duplicateDetection;
        private boolean home;
        private boolean manageTemporary;
        private boolean noPrefixRoute;
        private boolean autoJoin;
        private OptionalLong preferredSeconds = OptionalLong.empty();
        private boolean tracked = true;
        private Optional<String> virtualMac = Optional.empty();

        private Builder() {}

        private Builder(AddressOptions from) {
            broadcast = from.broadcast;
            scope = from.scope;
            label = from.label;
            peer = from.peer;
            duplicateDetection = from.duplicateDetection;
            home = from.home;
            manageTemporary = from.manageTemporary;
            noPrefixRoute = from.noPrefixRoute;
            autoJoin = from.autoJoin;
            preferredSeconds = from.preferredSeconds;
            tracked = from.tracked;
            virtualMac = from.virtualMac;
        }

        /** {@code brd ADDRESS}; for {@code brd +} and {@code brd -} see {@link VirtualAddress#broadcastAddress}. */
        public Builder broadcast(IpAddress value) {
            broadcast = Optional.of(value);
            return this;
        }

        /** {@code scope}: 0 global, 200 site, 253 link, 254 host. */
        public Builder scope(int value) {
            scope = value;
            return this;
        }

        /** {@code label}. */
        public Builder label(String value) {
            label = Optional.of(value);
            return this;
        }

        /** {@code peer}. */
        public Builder peer(IpAddress value) {
            peer = Optional.of(value);
            return this;
        }

        /** True for {@code -nodad}. */
        public Builder duplicateDetection(boolean value) {
            duplicateDetection = value;
            return this;
        }

        /** {@code home}. */
        public Builder home(boolean value) {
            home = value;
            return this;
        }

        /** {@code mngtmpaddr}. */
        public Builder manageTemporary(boolean value) {
            manageTemporary = value;
            return this;
        }

        /** {@code noprefixroute}. */
        public Builder noPrefixRoute(boolean value) {
            noPrefixRoute = value;
            return this;
        }

        /** {@code autojoin}. */
        public Builder autoJoin(boolean value) {
            autoJoin = value;
            return this;
        }

        /** {@code preferred_lft} in seconds; 4294967295 is for ever. */
        public Builder preferredSeconds(long value) {
            preferredSeconds = OptionalLong.of(value);
            return this;
        }

        /** False for {@code no_track}. */
        public Builder tracked(boolean value) {
            tracked = value;
            return this;
        }

        /** The interface with a virtual MAC that is made for it. */
        public Builder virtualMac(String interfaceName) {
            virtualMac = Optional.of(interfaceName);
            return this;
        }

        /** The options. */
        public AddressOptions build() {
            return new AddressOptions(
                    broadcast,
                    scope,
                    label,
                    peer,
                    duplicateDetection,
                    home,
                    manageTemporary,
                    noPrefixRoute,
                    autoJoin,
                    preferredSeconds,
                    tracked,
                    virtualMac);
        }
    }
}
