// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.NetHeader;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The internal and the external cache of conntrackd: an object per flow that stays, marked dead, until the peer was
 * told; an external cache that only messages and a flush make smaller. Each holds so many objects, the dead ones
 * included, and drops what is beyond.
 */
final class LegacyCaches implements Encoder {
    /** No handle: there is nothing to send. */
    static final long NONE = 0;

    /** What conntrackd keeps per flow. */
    private static final class Entry {
        final long handle;
        Flow flow;
        int type = NetHeader.CT_NEW;

        Entry(long handle, Flow flow) {
            this.handle = handle;
            this.flow = flow;
        }
    }

    private final Map<FlowKey, Entry> internal = new LinkedHashMap<>();
    private final Map<Long, Entry> byHandle = new HashMap<>();
    private final Map<FlowKey, Flow> external = new LinkedHashMap<>();
    private final Map<FlowKey, Long> heardAt = new HashMap<>();
    private final FlowEncoder encoder = new FlowEncoder(WireProfile.V1_4_7, new WireOptions(false, false));
    private final FlowDecoder decoder = new FlowDecoder(WireProfile.V1_4_7);
    private final int limit;
    private long nextHandle = 1;
    private long refused;

    /** Empty caches that hold so many objects each: {@code HashLimit}. */
    LegacyCaches(int limit) {
        this.limit = limit;
    }

    /** Flows and messages that found no room. */
    long refused() {
        return refused;
    }

    /** A new flow replaces an equal one; the handle to send, or {@link #NONE} without room. */
    long add(Flow flow) {
        Entry old = internal.remove(flow.key());
        if (old != null) {
            byHandle.remove(old.handle);
        }
        if (internal.size() >= limit) {
            refused++;
            return NONE;
        }
        Entry entry = new Entry(nextHandle++, flow);
        internal.put(flow.key(), entry);
        byHandle.put(entry.handle, entry);
        return entry.handle;
    }

    /** An update; one of a flow that is not known, or dead, adds it. */
    long update(Flow flow) {
        Entry entry = internal.get(flow.key());
        if (entry == null || entry.type == NetHeader.CT_DEL) {
            return add(flow);
        }
        entry.flow = flow;
        entry.type = NetHeader.CT_UPD;
        return entry.handle;
    }

    /** An end; {@link #NONE} if the flow is not known. */
    long remove(FlowKey key) {
        Entry entry = internal.get(key);
        if (entry == null || entry.type == NetHeader.CT_DEL) {
            return NONE;
        }
        entry.type = NetHeader.CT_DEL;
        return entry.handle;
    }

    /** One message of the peer; false if it cannot be read. */
    boolean onMessage(int type, ByteBuf payload, long nowNanos) {
        FlowBuilder builder = new FlowBuilder();
        if (decoder.decode(payload, builder) != null) {
            return false;
        }
        Flow flow = builder.build();
        if (type == NetHeader.CT_DEL) {
            external.remove(flow.key());
        } else if (external.size() >= limit && !external.containsKey(flow.key())) {
            refused++;
        } else {
            external.put(flow.key(), flow);
            heardAt.put(flow.key(), nowNanos);
        }
        return true;
    }

    /** Drops what was announced last before a time: CacheTimeout. */
    void expire(long beforeNanos) {
        external.keySet().removeIf(key -> heardAt.getOrDefault(key, Long.MAX_VALUE) < beforeNanos);
    }

    /** All handles, those of dead objects too: a bulk update. */
    Iterable<Long> handles() {
        return internal.values().stream().map(entry -> entry.handle).toList();
    }

    Map<FlowKey, Flow> internal() {
        Map<FlowKey, Flow> alive = new LinkedHashMap<>();
        internal.forEach((key, entry) -> {
            if (entry.type != NetHeader.CT_DEL) {
                alive.put(key, entry.flow);
            }
        });
        return alive;
    }

    Map<FlowKey, Flow> external() {
        return Map.copyOf(external);
    }

    void flushInternal() {
        internal.clear();
        byHandle.clear();
    }

    void flushExternal() {
        external.clear();
    }

    @Override
    public int encode(long handle, ByteBuf out) {
        Entry entry = byHandle.get(handle);
        if (entry == null) {
            return GONE;
        }
        @Nullable Object withheld = encoder.encode(entry.flow, out);
        return withheld == null ? entry.type : GONE;
    }

    @Override
    public void released(long handle) {
        Entry entry = byHandle.get(handle);
        if (entry != null && entry.type == NetHeader.CT_DEL) {
            byHandle.remove(handle);
            internal.remove(entry.flow.key(), entry);
        }
    }
}
