// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/**
 * Where the messages of the peer go. May call {@link SyncSession#enqueue}, {@link SyncSession#cancel} and
 * {@link SyncSession#requestResync} of the session that calls it; nothing else.
 */
public interface Receiver {
    /**
     * One state message, in sequence.
     *
     * @param type {@link NetHeader#CT_NEW} to {@link NetHeader#EXP_DEL}
     * @param payload the attributes, from reader index to writer index; valid during the call only
     * @return false if the payload is malformed: counted, while its sequence number stays accepted (and is
     *     acknowledged), as conntrackd does
     */
    boolean onMessage(int type, ByteBuf payload);

    /** The peer asks for everything we have: enqueue every internal object, expectations after flows. */
    void onResyncRequested();

    /** Something happened to the link that the owner of the caches should act on. */
    void onSignal(SessionSignal signal);
}
