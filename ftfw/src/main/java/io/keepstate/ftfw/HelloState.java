// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/** Our half of the handshake. The peer's half is its own affair: it is told HELLO_BACK whenever it says HELLO. */
public enum HelloState {
    /** Nothing was sent yet. */
    INIT,
    /** Every message carries HELLO until the peer answers. */
    SAY,
    /** The peer answered HELLO_BACK; we never say HELLO again. */
    DONE
}
