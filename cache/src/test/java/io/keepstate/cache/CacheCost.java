// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.IntConsumer;

/**
 * Prints roughly what the caches cost, in nanoseconds and octets per flow: a program to run by hand, not a test. The
 * argument is the number of flows (1000000). Give the JVM {@code -Xmx1g}.
 */
public final class CacheCost {
    private final int flows;
    private final InternalCache internal;
    private final ExternalCache external;
    private final long[] handles;
    private final ByteBuf out = Unpooled.directBuffer(4096);

    private CacheCost(int flows) {
        this.flows = flows;
        this.handles = new long[flows];
        this.internal = new InternalCache(
                InternalCacheConfig.DEFAULT.withHashLimit(flows).withPinnedLimit(flows),
                new FlowEncoder(WireProfile.V1_4_7, WireOptions.DEFAULT));
        this.external = new ExternalCache(
                ExternalCacheConfig.DEFAULT.withHashLimit(flows), new FlowDecoder(WireProfile.V1_4_7));
    }

    /** Runs it. */
    public static void main(String[] args) {
        int flows = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
        new CacheCost(Math.min(flows, 100_000)).run(false);
        new CacheCost(flows).run(true);
    }

    private void run(boolean print) {
        measure(print, "make a flow (included below)", i -> flow(i));
        measure(print, "internal: onNew", i -> handles[i] = internal.onNew(flow(i), Origin.KERNEL, i));
        measure(print, "internal: onUpdate", i -> internal.onUpdate(flow(i), Origin.KERNEL, i));
        measure(print, "internal: encode", i -> internal.encode(handles[i], out.clear()));
        measure(print, "external: encode and onMessage NEW", i -> {
            internal.encode(handles[i], out.clear());
            external.onMessage(MessageType.FLOW_NEW, out, i);
        });
        measure(print, "external: encode and onMessage UPD", i -> {
            internal.encode(handles[i], out.clear());
            external.onMessage(MessageType.FLOW_UPDATE, out, i);
        });
        CommitCursor cursor = external.startCommit();
        measure(
                print,
                "external: commit order and flowFor",
                i -> external.forEachToCommit(cursor, 1, handle -> external.flowFor(handle, i)));
        measure(print, "internal: onDestroy and released", i -> {
            internal.onDestroy(flow(i), Origin.KERNEL);
            internal.released(handles[i]);
        });
        if (print) {
            System.out.printf("internal: %d octets per flow%n", internal.memoryOctets() / flows);
            System.out.printf("external: %d octets per flow%n", external.memoryOctets() / flows);
        }
    }

    private void measure(boolean print, String what, IntConsumer step) {
        long begin = System.nanoTime();
        for (int i = 0; i < flows; i++) {
            step.accept(i);
        }
        long each = (System.nanoTime() - begin) / flows;
        if (print) {
            System.out.printf("%-38s %6d ns%n", what, each);
        }
    }

    private static Flow flow(int i) {
        Tuple original = Flows.tuple(i);
        Tuple reply = Tuple.ipv4(
                (int) original.destinationLow(),
                0xc0000201,
                Protocol.TCP,
                original.destinationPort(),
                original.sourcePort());
        return Flow.builder(original)
                .reply(reply)
                .status(Flows.ASSURED | 0x190)
                .timeoutSeconds(431_999)
                .mark(i)
                .set(Attribute.ID, i)
                .set(Attribute.TCP_STATE, 3)
                .build();
    }
}
