// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

/** The options that do not belong to a protocol, in the order in which conntrack(8) checks them. */
enum Option {
    SRC('s', "src"),
    DST('d', "dst"),
    REPLY_SRC('r', "reply-src"),
    REPLY_DST('q', "reply-dst"),
    PROTOCOL('p', "protonum"),
    TIMEOUT('t', "timeout"),
    STATUS('u', "status"),
    ZERO('z', "zero"),
    EVENT_MASK('e', "event-mask"),
    TUPLE_SRC('[', "tuple-src"),
    TUPLE_DST(']', "tuple-dst"),
    MASK_SRC('{', "mask-src"),
    MASK_DST('}', "mask-dst"),
    MARK('m', "mark"),
    ID('i', "id"),
    FAMILY('f', "family"),
    SRC_NAT('n', "src-nat"),
    DST_NAT('g', "dst-nat"),
    OUTPUT('o', "output"),
    SECMARK('c', "secmark"),
    BUFFER_SIZE('b', "buffer-size"),
    ANY_NAT('j', "any-nat"),
    ZONE('w', "zone"),
    LABEL('l', "label"),
    LABEL_ADD('<', "label-add"),
    LABEL_DEL('>', "label-del"),
    ORIGINAL_ZONE('(', "orig-zone"),
    REPLY_ZONE(')', "reply-zone");

    private final char letter;
    private final String longName;

    Option(char letter, String longName) {
        this.letter = letter;
        this.longName = longName;
    }

    /** The short option; one that is no letter stands for an option without a short form. */
    char letter() {
        return letter;
    }

    /** The name messages use. */
    String longName() {
        return longName;
    }
}
