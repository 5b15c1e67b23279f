// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Handle;
import io.keepstate.cache.InternalCache;
import io.keepstate.cache.InternalExpectations;
import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.SyncSession;
import io.netty.buffer.ByteBuf;

/**
 * Where entries of the internal caches leave for the peer: hands their names to the session, and answers the session
 * when it wants the octets. It can be closed, for a node whose flows are about to be purged.
 */
final class Outlet implements Encoder {
    private final InternalCache internal;
    private final InternalExpectations expectations;
    private final SyncSession session;
    private boolean open = true;
    private long refused;
    private long withheld;

    Outlet(Caches caches, SyncSession session) {
        this.internal = caches.internal();
        this.expectations = caches.ownExpectations();
        this.session = session;
    }

    boolean isOpen() {
        return open;
    }

    void setOpen(boolean value) {
        open = value;
        session.setRepeating(value);
    }

    /** Sends the entry, if there is one to send; {@link Handle#NONE} is accepted for convenience. */
    void offer(long handle) {
        if (handle != Handle.NONE && mayLeave(handle) && !session.enqueue(handle)) {
            refuse(handle);
        }
    }

    /** Sends an entry that may be no news to the peer. */
    void offerBulk(long handle) {
        if (mayLeave(handle) && !session.enqueueBulk(handle)) {
            refuse(handle);
        }
    }

    private boolean mayLeave(long handle) {
        if (!open) {
            withheld++;
            released(handle);
        }
        return open;
    }

    private void refuse(long handle) {
        refused++;
        released(handle);
    }

    /** Entries that the session had no room for. */
    long refused() {
        return refused;
    }

    /** Entries that were not offered because the outlet was closed. */
    long withheld() {
        return withheld;
    }

    @Override
    public int encode(long handle, ByteBuf out) {
        int type = Handle.isExpectation(handle) ? expectations.encode(handle, out) : internal.encode(handle, out);
        return type == Handle.GONE ? GONE : type;
    }

    @Override
    public void released(long handle) {
        if (Handle.isExpectation(handle)) {
            expectations.released(handle);
        } else {
            internal.released(handle);
        }
    }
}
