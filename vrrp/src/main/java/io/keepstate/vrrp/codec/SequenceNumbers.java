// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.util.List;
import java.util.OptionalLong;

/**
 * How far the sequence numbers of one virtual router have come, its own and those it heard: what one {@link
 * AdvertisementAuthenticator} hands to the next when the router is configured anew. To its peers it is the same sender,
 * and what they sent before is old to it still.
 *
 * @param header the last number of an {@link AuthenticationHeader}, sent or accepted, 0 to 4 294 967 295; 0 before the
 *     first
 * @param trailer the last number of an {@link HmacTrailer} that was sent; empty before the first
 * @param marks the last numbers of HMAC trailers that were accepted, the sender not heard for longest first
 */
public record SequenceNumbers(long header, OptionalLong trailer, List<Mark> marks) {

    /** Copies the list. */
    public SequenceNumbers {
        marks = List.copyOf(marks);
    }

    /**
     * What was heard of one sender.
     *
     * @param sender its source address
     * @param number the last number accepted; one that is not later is a replay
     */
    public record Mark(IpAddress sender, long number) {}
}
