// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import java.nio.ByteBuffer;

/**
 * The first octets of a session, client to server: what the server shall do.
 *
 * @param kind what the session does
 * @param seed of its {@link Content}
 */
record Greeting(SessionKind kind, long seed) {
    static final int LENGTH = 9;

    ByteBuffer encode() {
        return ByteBuffer.allocate(LENGTH)
                .put((byte) kind.ordinal())
                .putLong(seed)
                .flip();
    }

    static Greeting decode(ByteBuffer in) {
        return new Greeting(SessionKind.values()[in.get()], in.getLong());
    }
}
