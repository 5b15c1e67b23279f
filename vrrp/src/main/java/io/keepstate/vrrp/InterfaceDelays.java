// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.time.Duration;

/**
 * How long an interface must have changed before it counts (keepalived: interface_up_down_delays): a link that flaps does
 * not cost a role each time.
 *
 * @param interfaceName the interface
 * @param down how long it must be down; shorter than the down interval of backups less one advertisement, or they are faster
 * @param up how long it must be up
 */
public record InterfaceDelays(String interfaceName, Duration down, Duration up) {

    /** Refuses negative times. */
    public InterfaceDelays {
        TrackedObjects.check(!interfaceName.isEmpty(), "delays need the name of an interface");
        TrackedObjects.check(
                !down.isNegative() && !up.isNegative(), "interface " + interfaceName + ": delays must not be negative");
    }

    /** Changes of this interface count at once. */
    public static InterfaceDelays none(String interfaceName) {
        return new InterfaceDelays(interfaceName, Duration.ZERO, Duration.ZERO);
    }
}
