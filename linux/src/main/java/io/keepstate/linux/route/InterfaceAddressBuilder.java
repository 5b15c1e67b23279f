// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Builds an {@link InterfaceAddress}; what is not said stays as in {@link InterfaceAddress#of}. */
public final class InterfaceAddressBuilder {
    private final int interfaceIndex;
    private final InetAddress address;
    private final int prefixLength;
    private @Nullable InetAddress peer;
    private @Nullable InetAddress broadcast;
    private @Nullable String label;
    private int scope = InterfaceAddress.SCOPE_GLOBAL;
    private int flags;
    private long preferredSeconds = InterfaceAddress.FOREVER;
    private long validSeconds = InterfaceAddress.FOREVER;
    private int protocol;

    InterfaceAddressBuilder(int interfaceIndex, InetAddress address, int prefixLength) {
        this.interfaceIndex = interfaceIndex;
        this.address = address;
        this.prefixLength = prefixLength;
    }

    /** The other end of a point-to-point address. */
    public InterfaceAddressBuilder peer(@Nullable InetAddress value) {
        peer = value;
        return this;
    }

    public InterfaceAddressBuilder broadcast(@Nullable InetAddress value) {
        broadcast = value;
        return this;
    }

    /** IPv4 alias name: the interface's name, or that with a colon and more. */
    public InterfaceAddressBuilder label(@Nullable String value) {
        label = value;
        return this;
    }

    public InterfaceAddressBuilder scope(int value) {
        scope = value;
        return this;
    }

    public InterfaceAddressBuilder flags(int value) {
        flags = value;
        return this;
    }

    /** IPv6: usable at once, without duplicate address detection, as a virtual address must be. */
    public InterfaceAddressBuilder withoutDuplicateDetection() {
        flags |= InterfaceAddress.NODAD;
        return this;
    }

    /** Sets or clears one of the IFA_F_ bits, such as {@link InterfaceAddress#NO_PREFIX_ROUTE}. */
    public InterfaceAddressBuilder flag(int bit, boolean set) {
        flags = set ? flags | bit : flags & ~bit;
        return this;
    }

    /** Lifetimes in whole seconds; {@link Rtnetlink#replaceAddress} renews them. */
    public InterfaceAddressBuilder lifetime(long preferred, long valid) {
        preferredSeconds = preferred;
        validSeconds = valid;
        return this;
    }

    /** Who set the address, such as {@link InterfaceAddress#PROTOCOL_VRRP}. */
    public InterfaceAddressBuilder protocol(int value) {
        protocol = value;
        return this;
    }

    public InterfaceAddress build() {
        return new InterfaceAddress(
                interfaceIndex,
                address,
                prefixLength,
                peer,
                broadcast,
                label,
                scope,
                flags,
                preferredSeconds,
                validSeconds,
                protocol);
    }
}
