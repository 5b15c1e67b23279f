// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

/** Why a message was not accepted; each has a counter, {@link ConntrackDecoder#malformedCount}. */
public enum MalformedReason {
    /** Fewer than the 16 octets of struct nlmsghdr are left. */
    TRUNCATED_HEADER,
    /** nlmsg_len is below 16 or beyond the end of the datagram; the rest of the datagram is lost with it. */
    WRONG_MESSAGE_LENGTH,
    /** A flow message without the 4 octets of struct nfgenmsg. */
    TRUNCATED_NFGENMSG,
    /** NLMSG_ERROR or NLMSG_DONE without its error number. */
    TRUNCATED_ERROR,
    /** nla_len is below 4 or beyond the end of what contains it. */
    WRONG_ATTRIBUTE_LENGTH,
    /** A known attribute whose value has another size than the kernel gives it. */
    WRONG_VALUE_SIZE,
    /** No CTA_TUPLE_ORIG. */
    NO_ORIGINAL_TUPLE,
    /** A tuple without both addresses or without a protocol number. */
    INCOMPLETE_TUPLE,
    /** Addresses of two families in one message. */
    MIXED_FAMILIES,
    /** An expectation without CTA_EXPECT_TUPLE, CTA_EXPECT_MASK or CTA_EXPECT_MASTER. */
    INCOMPLETE_EXPECTATION,
    /** CTA_EXPECT_NAT without its tuple, or with a direction other than 0 and 1. */
    WRONG_EXPECTATION_NAT
}
