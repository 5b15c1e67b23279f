// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.MacAddress;
import java.util.Optional;

/**
 * The virtual hardware address, carried by an interface of its own on top of the router's (keepalived: use_vmac).
 *
 * @param interfaceName name of that interface, at most 15 octets (keepalived: {@code vrrp.VRID})
 * @param address another address than that of RFC 9568 section 7.3
 * @param transmitOnBase whether advertisements are sent and received on the router's own interface, with its own hardware
 *     address (keepalived: vmac_xmit_base)
 */
public record VirtualMac(String interfaceName, Optional<MacAddress> address, boolean transmitOnBase) {

    /** The kernel's IFNAMSIZ less the final NUL. */
    private static final int MAX_NAME = 15;

    /** Refuses names that no interface can have. */
    public VirtualMac {
        if (interfaceName.isEmpty() || interfaceName.length() > MAX_NAME || interfaceName.contains("/")) {
            throw new IllegalArgumentException(
                    "virtual MAC interface '" + interfaceName + "': a name has 1 to 15 characters and no slash");
        }
    }
}
