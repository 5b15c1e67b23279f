// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.nio.charset.StandardCharsets;

/**
 * How version 2 over IPv4 authenticates (RFC 2338 section 5.3.6; removed by RFC 3768, still on the wire). Version 3
 * has none of these and uses {@link #NONE}; {@link HmacAuthentication} is another thing, and excludes all but {@link
 * #NONE}.
 *
 * <p>Immutable. Its text never shows a password or a key.
 */
public sealed interface Authentication {

    /** Type of an advertisement without authentication. */
    int TYPE_NONE = 0;
    /** Type of an advertisement that carries a password in clear text. */
    int TYPE_PASSWORD = 1;
    /** Type of an advertisement behind an IP authentication header (protocol 51). */
    int TYPE_HEADER = 2;

    /** No authentication: type 0, data zero. */
    Authentication NONE = new None();

    /** A simple text password: the first eight octets of its UTF-8 form, padded with zero (as keepalived does). */
    static Authentication password(String password) {
        return new Password(firstOctets(password));
    }

    /**
     * An authentication header with HMAC-MD5-96: the key is the first eight octets, padded with zero (as keepalived
     * does).
     */
    static Authentication header(String key) {
        return new Header(firstOctets(key));
    }

    /** The authentication type octet: 0 none, 1 password, 2 authentication header. */
    int type();

    /** The eight octets of authentication data in the message, first octet highest. */
    long data();

    /** Without authentication. What stands in the data is ignored on receipt (RFC 3768 section 5.3.10). */
    record None() implements Authentication {
        @Override
        public int type() {
            return TYPE_NONE;
        }

        @Override
        public long data() {
            return 0;
        }

        @Override
        public String toString() {
            return "none";
        }
    }

    /**
     * A password in clear text: keeps a neighbour that was configured by mistake out, and nobody else.
     *
     * @param data its eight octets, first octet highest
     */
    record Password(long data) implements Authentication {
        @Override
        public int type() {
            return TYPE_PASSWORD;
        }

        @Override
        public String toString() {
            return "password";
        }
    }

    /**
     * An IP authentication header in front of the message, whose data is zero.
     *
     * @param key the eight octets of the HMAC-MD5 key, first octet highest; 0 in what was decoded, as keys do not
     *     travel
     */
    record Header(long key) implements Authentication {
        @Override
        public int type() {
            return TYPE_HEADER;
        }

        @Override
        public long data() {
            return 0;
        }

        @Override
        public String toString() {
            return "authentication header";
        }
    }

    private static long firstOctets(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        long data = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            data = (data << 8) | (i < octets.length ? octets[i] & 0xff : 0);
        }
        return data;
    }
}
