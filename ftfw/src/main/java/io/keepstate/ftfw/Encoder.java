// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/**
 * Turns a handle into the payload of a message, at the moment the message leaves.
 *
 * <p>FTFW never repeats old bytes: what is sent again is the object's state of now under a new sequence number. So a
 * session holds handles and asks for bytes when it transmits.
 *
 * <p>Called on the thread that calls {@link SyncSession#transmit} or {@link SyncSession#receive}; must not
 * call back into the session.
 */
public interface Encoder {
    /** The handle no longer names an object; the session forgets it and counts it. */
    int GONE = -1;

    /** For an end that only receives: every handle is gone. */
    Encoder NOTHING = new Encoder() {
        @Override
        public int encode(long handle, ByteBuf out) {
            return GONE;
        }

        @Override
        public void released(long handle) {
            // there is nothing to free
        }
    };

    /**
     * Writes the payload (attributes only, no header) of the object's current state.
     *
     * @param out positioned at the payload's first octet, with room for {@link NetHeader#MAX_PAYLOAD_LENGTH} octets
     * @return the message type, {@link NetHeader#CT_NEW} to {@link NetHeader#EXP_DEL}, or {@link #GONE}
     */
    int encode(long handle, ByteBuf out);

    /**
     * The session holds this handle no longer: the peer acknowledged it, or a limit pushed it out (counted). A deleted
     * object may be freed now. Not called after {@link #GONE} or {@link SyncSession#cancel}.
     */
    void released(long handle);
}
