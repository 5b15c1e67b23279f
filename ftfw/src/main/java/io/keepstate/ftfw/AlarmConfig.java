// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * Settings of an {@link AlarmSession}.
 *
 * @param datagramSize room in a datagram; a message is added while {@code used + length < datagramSize}; 128 to 65507
 *     octets
 * @param objectLimit most handles known together
 * @param refreshSeconds {@code RefreshTime}: an object is sent again after a random number of seconds, 1 to this, and a
 *     part of a second; 1 to 86400
 */
public record AlarmConfig(int datagramSize, int objectLimit, int refreshSeconds) {
    /** conntrackd's default, for an Ethernet link. */
    public static final AlarmConfig DEFAULT = new AlarmConfig(1500 - FtfwConfig.HEADER_ESTIMATE, 1 << 24, 60);

    /** Checks every value; the message names the setting and its range. */
    public AlarmConfig {
        require(datagramSize >= 128 && datagramSize <= 65_507, "datagramSize", datagramSize, "128 and 65507 octets");
        require(objectLimit >= 1 && objectLimit <= 1 << 28, "objectLimit", objectLimit, "1 and 268435456");
        require(refreshSeconds >= 1 && refreshSeconds <= 86_400, "refreshSeconds", refreshSeconds, "1 and 86400");
    }

    /** The same for an interface of this MTU, as conntrackd computes the datagram's size. */
    public AlarmConfig withMtu(int mtu) {
        return new AlarmConfig(mtu - FtfwConfig.HEADER_ESTIMATE, objectLimit, refreshSeconds);
    }

    /** The same with another {@code RefreshTime}. */
    public AlarmConfig withRefreshSeconds(int seconds) {
        return new AlarmConfig(datagramSize, objectLimit, seconds);
    }

    private static void require(boolean holds, String name, long value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be between " + range);
        }
    }
}
