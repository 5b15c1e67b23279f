// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.MacAddress;

/**
 * An interface that carries a virtual hardware address: a macvlan in private mode on top of the router's own interface. To be
 * read by those who make firewall rules for it.
 *
 * @param name its name, such as {@code vrrp.51}
 * @param index its number now
 * @param parentName the interface it sits on
 * @param parentIndex number of that one now
 * @param address its hardware address
 * @param family the family of the advertisements sent by its router
 * @param carriesAdvertisements false if those are sent and received on the parent
 */
public record VirtualMacInterface(
        String name,
        int index,
        String parentName,
        int parentIndex,
        MacAddress address,
        AddressFamily family,
        boolean carriesAdvertisements) {}
