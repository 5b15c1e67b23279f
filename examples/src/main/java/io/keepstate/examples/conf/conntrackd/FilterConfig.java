// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.node.config.AddressPrefix;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The {@code Filter} block: which flows of the kernel are replicated. A flow passes if every part that is present lets
 * it pass.
 *
 * @param place where events are filtered
 * @param protocols by layer 4 protocol
 * @param addresses by address: the original source and the reply source are looked at
 */
public record FilterConfig(Place place, Optional<Protocols> protocols, Optional<Addresses> addresses) {
    /** A filter that lets everything pass. */
    public static final FilterConfig NONE = new FilterConfig(Place.USERSPACE, Optional.empty(), Optional.empty());

    /** Where the filter runs. */
    public enum Place {
        /** After an event was read: {@code From Userspace}. */
        USERSPACE,
        /** On the event socket: {@code From Kernelspace}. */
        KERNELSPACE
    }

    /** What happens to a flow that matches. */
    public enum Verdict {
        /** Only what matches passes. */
        ACCEPT,
        /** What matches does not pass. */
        IGNORE
    }

    /**
     * {@code Protocol Accept} or {@code Protocol Ignore}.
     *
     * @param verdict for a flow of one of the protocols
     * @param numbers IANA protocol numbers
     */
    public record Protocols(Verdict verdict, SortedSet<Integer> numbers) {}

    /**
     * {@code Address Accept} or {@code Address Ignore}.
     *
     * @param verdict for a flow with one of the addresses
     * @param prefixes an address without mask has all its bits as prefix
     */
    public record Addresses(Verdict verdict, List<AddressPrefix> prefixes) {
        /** Copies the prefixes. */
        public Addresses {
            prefixes = List.copyOf(prefixes);
        }
    }
}
