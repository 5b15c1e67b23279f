// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that take effect together or not at all; got from {@link Nftables#begin} and valid until the next one.
 *
 * <p>Adding a table, chain or set that is there already changes nothing; deleting one that is not there fails the whole.
 */
public final class Transaction {
    private static final int SUBSYSTEM = 10 << 8;
    private static final int NEWTABLE = SUBSYSTEM;
    private static final int DELTABLE = SUBSYSTEM | 2;
    private static final int NEWCHAIN = SUBSYSTEM | 3;
    private static final int NEWRULE = SUBSYSTEM | 6;
    private static final int NEWSET = SUBSYSTEM | 9;
    private static final int NEWSETELEM = SUBSYSTEM | 12;
    private static final int DELSETELEM = SUBSYSTEM | 14;

    private static final int NLM_F_ACK = 0x4;
    private static final int NLM_F_CREATE = 0x400;
    private static final int NLM_F_APPEND = 0x800;

    /** NFT_TABLE_F_OWNER: the table belongs to the socket that made it, and vanishes with it (Linux 5.12). */
    private static final int OWNER = 2;

    private static final int NFT_SET_MAP = 8;
    private static final int NFTA_LIST_ELEM = 1;
    private static final int USERDATA = 13;
    private static final int USERDATA_ENTRY = 2 + Integer.BYTES;

    private final MessageWriter writer;
    private final int firstSequence;
    private final List<String> steps = new ArrayList<>();

    Transaction(ByteBuf out, int firstSequence) {
        this.writer = new MessageWriter(out);
        this.firstSequence = firstSequence;
    }

    /**
     * Adds a table.
     *
     * @param owned whether it belongs to this socket alone and vanishes with it, as by a crash
     */
    public Transaction addTable(Table table, boolean owned) {
        begin(NEWTABLE, NLM_F_CREATE, table, "add table " + table);
        writer.text(1, table.name()).number(2, owned ? OWNER : 0).end();
        return this;
    }

    /** Deletes a table with all in it. */
    public Transaction deleteTable(Table table) {
        begin(DELTABLE, 0, table, "delete table " + table);
        writer.text(1, table.name()).end();
        return this;
    }

    /** Adds a chain that sees the packets of a hook and lets them pass. */
    public Transaction addBaseChain(Table table, String name, Hook hook, int priority) {
        begin(NEWCHAIN, NLM_F_CREATE, table, "add chain " + table + " " + name);
        writer.text(1, table.name()).text(3, name);
        int nested = writer.open(4);
        writer.number(1, hook.ordinal()).number(2, priority).close(nested);
        writer.number(5, 1).text(7, "filter").end();
        return this;
    }

    /** Adds a set. */
    public Transaction addSet(Table table, String name, SetType type) {
        begin(NEWSET, NLM_F_CREATE, table, "add set " + table + " " + name);
        writer.text(1, table.name()).text(2, name).number(3, 0);
        writer.number(4, type.number()).number(5, type.octets()).number(10, steps.size());
        writer.octets(USERDATA, userData(type)).end();
        return this;
    }

    /** Adds a map. */
    public Transaction addMap(Table table, String name, SetType key, SetType value) {
        begin(NEWSET, NLM_F_CREATE, table, "add map " + table + " " + name);
        writer.text(1, table.name()).text(2, name).number(3, NFT_SET_MAP);
        writer.number(4, key.number()).number(5, key.octets());
        writer.number(6, value.number()).number(7, value.octets()).number(10, steps.size());
        writer.octets(USERDATA, userData(key, value)).end();
        return this;
    }

    /** Tells nft(8), not the kernel, how to show numbers: a tag, a length, 1 for host order or 2 for network order. */
    private static byte[] userData(SetType... types) {
        byte[] data = new byte[types.length * USERDATA_ENTRY];
        for (int i = 0; i < types.length; i++) {
            data[i * USERDATA_ENTRY] = (byte) i;
            data[i * USERDATA_ENTRY + 1] = Integer.BYTES;
            data[i * USERDATA_ENTRY + 2] = (byte) (types[i] == SetType.INTERFACE ? 1 : 2);
        }
        return data;
    }

    /** Adds elements to a set; those that are there already stay. */
    public Transaction addElements(Table table, String set, List<byte[]> elements) {
        return elements(NEWSETELEM, NLM_F_CREATE, table, set, elements, List.of(), "add to set ");
    }

    /** Deletes elements of a set. */
    public Transaction deleteElements(Table table, String set, List<byte[]> elements) {
        return elements(DELSETELEM, 0, table, set, elements, List.of(), "delete from set ");
    }

    /** Adds pairs to a map. */
    public Transaction addPairs(Table table, String map, List<byte[]> keys, List<byte[]> values) {
        if (keys.size() != values.size()) {
            throw new IllegalArgumentException(keys.size() + " keys for " + values.size() + " values");
        }
        return elements(NEWSETELEM, NLM_F_CREATE, table, map, keys, values, "add to map ");
    }

    private Transaction elements(
            int type, int flags, Table table, String set, List<byte[]> keys, List<byte[]> values, String what) {
        begin(type, flags, table, what + table + " " + set);
        writer.text(1, table.name()).text(2, set);
        int list = writer.open(3);
        for (int i = 0; i < keys.size(); i++) {
            int element = writer.open(NFTA_LIST_ELEM);
            int key = writer.open(1);
            writer.octets(1, keys.get(i)).close(key);
            if (!values.isEmpty()) {
                int data = writer.open(2);
                writer.octets(1, values.get(i)).close(data);
            }
            writer.close(element);
        }
        writer.close(list).end();
        return this;
    }

    /** Appends a rule to a chain. */
    public Transaction addRule(Table table, String chain, Expressions rule) {
        begin(NEWRULE, NLM_F_CREATE | NLM_F_APPEND, table, "add rule " + table + " " + chain);
        writer.text(1, table.name()).text(2, chain);
        int list = writer.open(4);
        writer.raw(rule.attributes()).close(list).end();
        return this;
    }

    private void begin(int type, int flags, Table table, String step) {
        steps.add(step);
        // Each is acknowledged: so one that fails is known by its number.
        writer.begin(
                type,
                flags | NLM_F_ACK,
                firstSequence + steps.size(),
                table.family().number(),
                0);
    }

    MessageWriter writer() {
        return writer;
    }

    /** What was written, in order; the first has the number {@code firstSequence + 1}. */
    List<String> steps() {
        return steps;
    }

    int firstSequence() {
        return firstSequence;
    }
}
