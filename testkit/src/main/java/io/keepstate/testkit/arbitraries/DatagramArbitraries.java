// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.arbitraries;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** What arrives on a port that anybody can reach: noise, and good datagrams that something happened to. */
public final class DatagramArbitraries {
    private static final int LARGEST = 1472;

    private DatagramArbitraries() {}

    /** Any octets, up to what an Ethernet frame carries. */
    public static Arbitrary<byte[]> noise() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(LARGEST);
    }

    /** These datagrams with a few octets changed, cut short, doubled, or with octets put behind. */
    public static Arbitrary<byte[]> mutationsOf(List<byte[]> good) {
        Arbitrary<byte[]> original = Arbitraries.of(good);
        return Arbitraries.oneOf(changed(original), cut(original), extended(original));
    }

    private static Arbitrary<byte[]> changed(Arbitrary<byte[]> original) {
        Arbitrary<List<Integer>> places =
                Arbitraries.integers().between(0, LARGEST).list().ofMinSize(1).ofMaxSize(4);
        return Combinators.combine(original, places, Arbitraries.bytes()).as((octets, where, value) -> {
            byte[] copy = octets.clone();
            for (int place : where) {
                if (copy.length > 0) {
                    copy[place % copy.length] ^= value;
                }
            }
            return copy;
        });
    }

    private static Arbitrary<byte[]> cut(Arbitrary<byte[]> original) {
        return Combinators.combine(original, Arbitraries.integers().between(0, LARGEST))
                .as((octets, length) -> java.util.Arrays.copyOf(octets, Math.min(octets.length, length)));
    }

    private static Arbitrary<byte[]> extended(Arbitrary<byte[]> original) {
        return Combinators.combine(
                        original, Arbitraries.bytes().array(byte[].class).ofMaxSize(64))
                .as((octets, tail) -> {
                    byte[] longer = java.util.Arrays.copyOf(octets, octets.length + tail.length);
                    System.arraycopy(tail, 0, longer, octets.length, tail.length);
                    return longer;
                });
    }
}
