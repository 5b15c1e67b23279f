// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.nio.charset.StandardCharsets;

/**
 * The authentication fields of a version 2 advertisement (RFC 2338 section 5.3.6; removed by RFC 3768, still on the wire).
 * Version 3 has none and uses {@link #NONE}.
 *
 * @param type 0 none, 1 simple text password, 2 IP authentication header
 * @param data the eight octets of authentication data, first octet highest
 */
public record Authentication(int type, long data) {

    /** Type of an advertisement without authentication. */
    public static final int TYPE_NONE = 0;
    /** Type of an advertisement that carries a password in clear text. */
    public static final int TYPE_PASSWORD = 1;
    /** No authentication: type 0, data zero. */
    public static final Authentication NONE = new Authentication(TYPE_NONE, 0);

    private static final int DATA_OCTETS = 8;

    /** Refuses a type that is not an octet. */
    public Authentication {
        if (type < 0 || type > 255) {
            throw new IllegalArgumentException("authentication type " + type + " is not an octet");
        }
    }

    /** A simple text password: the first eight octets of its UTF-8 form, padded with zero (as keepalived does). */
    public static Authentication password(String password) {
        byte[] octets = password.getBytes(StandardCharsets.UTF_8);
        long data = 0;
        for (int i = 0; i < DATA_OCTETS; i++) {
            data = (data << 8) | (i < octets.length ? octets[i] & 0xff : 0);
        }
        return new Authentication(TYPE_PASSWORD, data);
    }

    /** Whether all eight octets of data are equal: one comparison of a word, so its time tells nothing about where they differ. */
    public boolean sameData(Authentication other) {
        return (data ^ other.data) == 0;
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return switch (type) {
            case TYPE_NONE -> "none";
            case TYPE_PASSWORD -> "password";
            default -> "type " + type;
        };
    }
}
