// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * A message that left and that the peer has not acknowledged: it is kept, to be sent again.
 *
 * @param sequence under which it left, unsigned
 * @param flags of a control message, as they are on the wire: ACK, NACK or RESYNC; 0 for an object
 */
public record UnacknowledgedMessage(int sequence, int flags) {
    /** Whether it carries an object, rather than an answer or a question. */
    public boolean isObject() {
        return flags == 0;
    }
}
