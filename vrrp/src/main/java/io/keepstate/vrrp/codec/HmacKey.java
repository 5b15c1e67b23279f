// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A key of {@link HmacAuthentication}: 32 to 64 octets under an identifier that all routers of a virtual router share.
 * Immutable; its text never shows the octets.
 */
public final class HmacKey {

    /** The shortest key: half its strength is left against a quantum search. */
    public static final int MIN_OCTETS = 32;
    /** The longest key: one block of SHA-256; a longer one would be hashed down. */
    public static final int MAX_OCTETS = 64;

    private static final String HEX = "hex:";
    private static final String FILE = "file:";

    private final int id;
    private final byte[] octets;

    /**
     * A key.
     *
     * @param id 1 to 255
     * @param octets 32 to 64 octets; copied
     * @throws IllegalArgumentException if either is out of range
     */
    public HmacKey(int id, byte[] octets) {
        if (id < 1 || id > 255) {
            throw new IllegalArgumentException("HMAC key id " + id + " must be 1 to 255");
        }
        if (octets.length < MIN_OCTETS || octets.length > MAX_OCTETS) {
            throw new IllegalArgumentException("HMAC key " + id + " has " + octets.length + " octets: it must have "
                    + MIN_OCTETS + " to " + MAX_OCTETS + "; make one with: openssl rand -hex 32");
        }
        this.id = id;
        this.octets = octets.clone();
    }

    /**
     * Reads a key as it stands in keepalived.conf: {@code hex:} and an even number of hexadecimal digits, or ASCII
     * text that is the key itself. The {@code file:} form is not for here: who reads the configuration reads the file
     * too.
     *
     * @throws IllegalArgumentException with a sentence on what is wrong, which never quotes the key
     */
    public static HmacKey parse(int id, String text) {
        if (text.startsWith(FILE)) {
            throw new IllegalArgumentException(
                    "HMAC key " + id + " names a file: give the content of that file instead");
        }
        if (text.startsWith(HEX)) {
            try {
                return new HmacKey(id, HexFormat.of().parseHex(text.substring(HEX.length())));
            } catch (IllegalArgumentException e) {
                if (text.substring(HEX.length()).matches("([0-9a-fA-F]{2})*")) {
                    throw e;
                }
                // Not chained: the message of the cause quotes digits of the key.
                throw new IllegalArgumentException(
                        "HMAC key " + id + " is not hexadecimal: after hex: it needs 64 to 128 digits, an even number");
            }
        }
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "HMAC key " + id + " has characters outside ASCII: write its octets as hex: and digits");
        }
        return new HmacKey(id, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Its identifier on the wire, 1 to 255. */
    public int id() {
        return id;
    }

    byte[] octets() {
        return octets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HmacKey key && key.id == id && MessageDigest.isEqual(key.octets, octets);
    }

    /** By the identifier alone, so that it tells nothing about the octets. */
    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return "key " + id;
    }
}
