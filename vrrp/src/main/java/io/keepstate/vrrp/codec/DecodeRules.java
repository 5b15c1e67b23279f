// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/**
 * What the wire allows, where that is a matter of configuration.
 *
 * @param checksumMode which forms of checksum are accepted in version 3 over IPv4
 * @param version2OverIpv6 whether version 2 is accepted over IPv6: no RFC has it, keepalived does with an explicit
 *     version 2. The message is then 8 + 16 n octets, without authentication data
 * @param hmacTrailer whether the 28 octets of an {@link HmacTrailer} may follow the message
 */
public record DecodeRules(ChecksumMode checksumMode, boolean version2OverIpv6, boolean hmacTrailer) {

    /** All that is on networks: for looking at packets whose configuration is not known. */
    public static final DecodeRules LENIENT = new DecodeRules(ChecksumMode.AUTO, true, true);

    /** What the RFCs have, with this mode for the checksum. */
    public static DecodeRules rfc(ChecksumMode mode) {
        return new DecodeRules(mode, false, false);
    }
}
