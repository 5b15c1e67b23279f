// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/** Payloads that wait for their turn, oldest first, in one ring of octets that grows up to a limit. */
final class PayloadQueue {
    private static final int HEADER = 3;

    private final int limit;
    private byte[] ring = new byte[0];
    private int head;
    private int used;
    private int count;

    PayloadQueue(int limit) {
        this.limit = limit;
    }

    /** Adds a copy of the payload; false if there is no room. */
    boolean add(int type, ByteBuf payload) {
        int length = payload.readableBytes();
        int needed = HEADER + length;
        if (length > NetHeader.MAX_PAYLOAD_LENGTH || used + needed > limit) {
            return false;
        }
        if (used + needed > ring.length) {
            grow(used + needed);
        }
        put(used, (byte) type);
        put(used + 1, (byte) (length >>> 8));
        put(used + 2, (byte) length);
        for (int i = 0; i < length; i++) {
            put(used + HEADER + i, payload.getByte(payload.readerIndex() + i));
        }
        used += needed;
        count++;
        return true;
    }

    int count() {
        return count;
    }

    /** The type of the oldest. */
    int type() {
        return get(0);
    }

    /** Writes the oldest, which stays until {@link #remove}. */
    void write(ByteBuf out) {
        int length = length();
        for (int i = 0; i < length; i++) {
            out.writeByte(get(HEADER + i));
        }
    }

    /** Forgets the oldest. */
    void remove() {
        int gone = HEADER + length();
        head = (head + gone) % ring.length;
        used -= gone;
        count--;
    }

    /** Forgets all. */
    void clear() {
        head = 0;
        used = 0;
        count = 0;
    }

    private int length() {
        return (get(1) & 0xff) << 8 | (get(2) & 0xff);
    }

    private byte get(int at) {
        return ring[(head + at) % ring.length];
    }

    private void put(int at, byte value) {
        ring[(head + at) % ring.length] = value;
    }

    private void grow(int needed) {
        byte[] wider = new byte[Math.min(limit, Math.max(4096, 2 * needed))];
        for (int i = 0; i < used; i++) {
            wider[i] = get(i);
        }
        ring = wider;
        head = 0;
    }
}
