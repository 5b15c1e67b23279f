// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import java.util.List;

/** An option that belongs to a protocol; it has a long form only. */
enum ProtocolOption {
    SOURCE_PORT("sport", "orig-port-src"),
    DESTINATION_PORT("dport", "orig-port-dst"),
    REPLY_SOURCE_PORT("reply-port-src"),
    REPLY_DESTINATION_PORT("reply-port-dst"),
    MASK_SOURCE_PORT("mask-port-src"),
    MASK_DESTINATION_PORT("mask-port-dst"),
    STATE("state"),
    TUPLE_SOURCE_PORT("tuple-port-src"),
    TUPLE_DESTINATION_PORT("tuple-port-dst"),
    ORIGINAL_VTAG("orig-vtag"),
    REPLY_VTAG("reply-vtag"),
    ROLE("role"),
    ICMP_TYPE("icmp-type"),
    ICMP_CODE("icmp-code"),
    ICMP_ID("icmp-id"),
    ICMPV6_TYPE("icmpv6-type"),
    ICMPV6_CODE("icmpv6-code"),
    ICMPV6_ID("icmpv6-id"),
    SOURCE_KEY("srckey", "orig-key-src"),
    DESTINATION_KEY("dstkey", "orig-key-dst"),
    REPLY_SOURCE_KEY("reply-key-src"),
    REPLY_DESTINATION_KEY("reply-key-dst"),
    MASK_SOURCE_KEY("mask-key-src"),
    MASK_DESTINATION_KEY("mask-key-dst"),
    TUPLE_SOURCE_KEY("tuple-key-src"),
    TUPLE_DESTINATION_KEY("tuple-key-dst");

    /** Above every letter of an option. */
    private static final int FIRST_CODE = 0x1000;

    private final String name;
    private final String otherName;

    ProtocolOption(String name) {
        this(name, name);
    }

    ProtocolOption(String name, String otherName) {
        this.name = name;
        this.otherName = otherName;
    }

    /** Its names, the one that messages use first. */
    List<String> names() {
        return name.equals(otherName) ? List.of(name) : List.of(name, otherName);
    }

    char code() {
        return (char) (FIRST_CODE + ordinal());
    }

    /** The option of a code; null for another one. */
    @org.jspecify.annotations.Nullable
    static ProtocolOption of(char code) {
        int index = code - FIRST_CODE;
        return index >= 0 && index < values().length ? values()[index] : null;
    }

    boolean isKey() {
        return ordinal() >= SOURCE_KEY.ordinal();
    }

    /** Belongs to the mask or to the tuple of an expectation. */
    boolean isOfExpectation() {
        return switch (this) {
            case MASK_SOURCE_PORT,
                    MASK_DESTINATION_PORT,
                    TUPLE_SOURCE_PORT,
                    TUPLE_DESTINATION_PORT,
                    MASK_SOURCE_KEY,
                    MASK_DESTINATION_KEY,
                    TUPLE_SOURCE_KEY,
                    TUPLE_DESTINATION_KEY -> true;
            default -> false;
        };
    }

    boolean isOfReply() {
        return this == REPLY_SOURCE_PORT
                || this == REPLY_DESTINATION_PORT
                || this == REPLY_SOURCE_KEY
                || this == REPLY_DESTINATION_KEY;
    }
}
