// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.cache.Applied;
import io.keepstate.cache.Cursor;
import io.keepstate.cache.ExternalCache;
import io.keepstate.cache.ExternalCacheConfig;
import io.keepstate.flow.text.CacheLine;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.WireProfile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Shows {@code cache} and {@code flow} alone: applies sync messages from standard input, a type and octets a line, and
 * prints the external cache that they make, as {@code conntrackd -e} does. Needs no privileges and no native code.
 */
public final class CachedFlows {
    private static final int BUDGET = 1000;

    private CachedFlows() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        ExternalCache cache = new ExternalCache(ExternalCacheConfig.DEFAULT, new FlowDecoder(WireProfile.V1_4_7));
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int space = line.indexOf(' ');
                int type = Integer.parseInt(line.substring(0, space));
                ByteBuf payload = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(line.substring(space + 1)));
                Applied applied = cache.onMessage(type, payload, System.nanoTime());
                if (applied == Applied.MALFORMED) {
                    System.err.println("malformed: " + line);
                }
            }
        }
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            cache.forEachEntry(
                    cursor,
                    BUDGET,
                    entry ->
                            System.out.println(CacheLine.format(entry.flow(), entry.activeSeconds(System.nanoTime()))));
        }
    }
}
