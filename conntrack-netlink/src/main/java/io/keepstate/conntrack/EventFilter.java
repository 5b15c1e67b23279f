// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import java.util.List;

/**
 * Which flow events the kernel shows a socket. The tests are joined by and; each either lets only what it lists
 * through, or all but that. What a message does not say passes: the end of a flow is never judged by its TCP state.
 *
 * @param protocols by the protocol number of the original tuple
 * @param networks by the original source and by the reply source, which is the real server behind a destination NAT;
 *     one match is enough
 * @param tcpStates by the state number of a TCP flow
 */
public record EventFilter(Numbers protocols, Networks networks, Numbers tcpStates) {
    /** Lets everything through. */
    public static final EventFilter ALL = new EventFilter(Numbers.ALL, Networks.ALL, Numbers.ALL);

    /** Whether there is nothing to test. */
    public boolean isEmpty() {
        return protocols.isEmpty() && networks.isEmpty() && tcpStates.isEmpty();
    }

    /**
     * A test of a small number.
     *
     * @param accept true: only what is listed passes; false: what is listed does not pass
     * @param values 0..255 each
     */
    public record Numbers(boolean accept, List<Integer> values) {
        /** Lets every number through. */
        public static final Numbers ALL = new Numbers(false, List.of());

        /** Copies the list and checks the range. */
        public Numbers {
            values = List.copyOf(values);
            for (int value : values) {
                if (value < 0 || value > 255) {
                    throw new IllegalArgumentException(value + " is not in 0..255");
                }
            }
        }

        boolean isEmpty() {
            return !accept && values.isEmpty();
        }
    }

    /**
     * A test of addresses.
     *
     * @param accept true: only what is listed passes; false: what is listed does not pass
     */
    public record Networks(boolean accept, List<Network> values) {
        /** Lets every address through. */
        public static final Networks ALL = new Networks(false, List.of());

        /** Copies the list. */
        public Networks {
            values = List.copyOf(values);
        }

        boolean isEmpty() {
            return !accept && values.isEmpty();
        }
    }

    /**
     * A network, or with the full length one address.
     *
     * @param address any address of it
     * @param length of the prefix, 0..32 or 0..128
     */
    public record Network(IpAddress address, int length) {
        /** Checks that the length fits the family. */
        public Network {
            int bits = address.family().addressOctets() * Byte.SIZE;
            if (length < 0 || length > bits) {
                throw new IllegalArgumentException(
                        "prefix length " + length + " of " + address + " is not in 0.." + bits);
            }
        }

        /** The address in words of 32 bits, network order. */
        int[] words() {
            return address.family() == Family.IPV4
                    ? new int[] {(int) address.low()}
                    : new int[] {
                        (int) (address.high() >>> Integer.SIZE),
                        (int) address.high(),
                        (int) (address.low() >>> Integer.SIZE),
                        (int) address.low()
                    };
        }

        /** The bits of word {@code index} that count. */
        int mask(int index) {
            int bits = Math.max(0, Math.min(Integer.SIZE, length - index * Integer.SIZE));
            return bits == 0 ? 0 : -1 << (Integer.SIZE - bits);
        }
    }
}
