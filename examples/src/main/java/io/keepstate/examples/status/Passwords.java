// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.vrrp.codec.Authentication;
import java.nio.charset.StandardCharsets;

/** Passwords as keepalived shows them in its files, which only their owner can read. */
final class Passwords {
    private Passwords() {}

    /** The password of a router; empty without one. */
    static String text(Authentication authentication) {
        long data = authentication instanceof Authentication.Header header ? header.key() : authentication.data();
        byte[] octets = new byte[Long.BYTES];
        int length = 0;
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            byte octet = (byte) (data >>> shift);
            if (octet == 0) {
                break;
            }
            octets[length++] = octet;
        }
        return new String(octets, 0, length, StandardCharsets.UTF_8);
    }
}
