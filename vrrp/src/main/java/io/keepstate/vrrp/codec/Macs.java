// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Message authentication codes of the JDK. */
final class Macs {

    private Macs() {}

    /**
     * A code with its key, to be used again and again.
     *
     * @throws IllegalStateException if this Java runtime has no such algorithm: every one must have it, but a security
     *     policy may have taken it away
     */
    static Mac create(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java runtime does not offer " + algorithm + "; allow it in its security settings", e);
        }
    }

    /** Whether the first octets are the same, in a time that does not tell where they differ. */
    static boolean sameOctets(byte[] one, byte[] other, int count) {
        int difference = 0;
        for (int i = 0; i < count; i++) {
            difference |= one[i] ^ other[i];
        }
        return difference == 0;
    }
}
