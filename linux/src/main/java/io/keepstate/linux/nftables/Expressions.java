// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What a rule does with a packet, from left to right; an expression that does not match ends the rule. Data passes through
 * registers of 16 octets, numbered 1 to 4 (NFT_REG_), or their quarters, numbered from {@link #WORD}.
 */
public final class Expressions {
    /** The first of the registers of four octets; 16 of them lie over the four long ones (NFT_REG32_00). */
    public static final int WORD = 8;

    private static final int NFTA_LIST_ELEM = 1;
    private static final int NFTA_EXPR_NAME = 1;
    private static final int NFTA_EXPR_DATA = 2;
    private static final int NFTA_DATA_VALUE = 1;
    private static final int NFTA_DATA_VERDICT = 2;
    private static final int NFTA_VERDICT_CODE = 1;
    private static final int REG_VERDICT = 0;
    private static final int NF_DROP = 0;
    private static final int NF_ACCEPT = 1;

    private static final int BASE_NETWORK = 1;
    private static final int BASE_TRANSPORT = 2;
    private static final int META_INPUT_INTERFACE = 4;
    private static final int META_OUTPUT_INTERFACE = 5;
    private static final int META_TRANSPORT_PROTOCOL = 16;

    private final ByteBuf out = Unpooled.buffer();
    private final MessageWriter writer = new MessageWriter(out);

    ByteBuf attributes() {
        return out;
    }

    /** Loads octets of the IP header. */
    public Expressions loadNetwork(int register, int offset, int length) {
        return payload(register, BASE_NETWORK, offset, length);
    }

    /** Loads octets behind the IP header and its extensions. */
    public Expressions loadTransport(int register, int offset, int length) {
        return payload(register, BASE_TRANSPORT, offset, length);
    }

    private Expressions payload(int register, int base, int offset, int length) {
        int element = begin("payload");
        int data = writer.open(NFTA_EXPR_DATA);
        writer.number(1, register).number(2, base).number(3, offset).number(4, length);
        return end(data, element);
    }

    /** Loads the number of the interface the packet came by. */
    public Expressions loadInputInterface(int register) {
        return meta(register, META_INPUT_INTERFACE);
    }

    /** Loads the number of the interface the packet leaves by. */
    public Expressions loadOutputInterface(int register) {
        return meta(register, META_OUTPUT_INTERFACE);
    }

    /** Loads the number of the transport protocol, one octet. */
    public Expressions loadTransportProtocol(int register) {
        return meta(register, META_TRANSPORT_PROTOCOL);
    }

    private Expressions meta(int register, int key) {
        int element = begin("meta");
        int data = writer.open(NFTA_EXPR_DATA);
        writer.number(1, register).number(2, key);
        return end(data, element);
    }

    /** Goes on if a register begins with these octets. */
    public Expressions matches(int register, byte... value) {
        int element = begin("cmp");
        int data = writer.open(NFTA_EXPR_DATA);
        writer.number(1, register).number(2, 0);
        value(3, value);
        return end(data, element);
    }

    /** Goes on if a register lies within a range, compared octet by octet. */
    public Expressions within(int register, byte[] first, byte[] last) {
        int element = begin("range");
        int data = writer.open(NFTA_EXPR_DATA);
        writer.number(1, register).number(2, 0);
        value(3, first);
        value(4, last);
        return end(data, element);
    }

    private void value(int type, byte[] octets) {
        int nested = writer.open(type);
        writer.octets(NFTA_DATA_VALUE, octets).close(nested);
    }

    /** Goes on if a register is an element of a set. */
    public Expressions in(String set, int register) {
        int element = begin("lookup");
        int data = writer.open(NFTA_EXPR_DATA);
        writer.text(1, set).number(2, register);
        return end(data, element);
    }

    /** Goes on if a register is a key of a map, and loads its value. */
    public Expressions map(String map, int keyRegister, int valueRegister) {
        int element = begin("lookup");
        int data = writer.open(NFTA_EXPR_DATA);
        writer.text(1, map).number(2, keyRegister).number(3, valueRegister);
        return end(data, element);
    }

    /** Sends a copy to an address by an interface; tables of one IP family only (nft_dup_ipv4, nft_dup_ipv6). */
    public Expressions duplicate(int addressRegister, int interfaceRegister) {
        int element = begin("dup");
        int data = writer.open(NFTA_EXPR_DATA);
        writer.number(1, addressRegister).number(2, interfaceRegister);
        return end(data, element);
    }

    /** Counts packets and octets that came this far. */
    public Expressions count() {
        int element = begin("counter");
        return end(writer.open(NFTA_EXPR_DATA), element);
    }

    /** Drops the packet. */
    public Expressions drop() {
        return verdict(NF_DROP);
    }

    /** Leaves this base chain; later ones still see the packet. */
    public Expressions accept() {
        return verdict(NF_ACCEPT);
    }

    private Expressions verdict(int code) {
        int element = begin("immediate");
        int data = writer.open(NFTA_EXPR_DATA);
        writer.number(1, REG_VERDICT);
        int nested = writer.open(2);
        int verdict = writer.open(NFTA_DATA_VERDICT);
        writer.number(NFTA_VERDICT_CODE, code).close(verdict).close(nested);
        return end(data, element);
    }

    private int begin(String name) {
        int element = writer.open(NFTA_LIST_ELEM);
        writer.text(NFTA_EXPR_NAME, name);
        return element;
    }

    private Expressions end(int data, int element) {
        writer.close(data).close(element);
        return this;
    }
}
