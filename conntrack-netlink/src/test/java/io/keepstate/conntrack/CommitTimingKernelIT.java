// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Flow;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Prints what things take; asserts only that they were done. */
@ExtendWith(LabExtension.class)
class CommitTimingKernelIT {
    private static final int FLOWS = Boolean.getBoolean("keepstate.long") ? 100_000 : 20_000;

    @Test
    void batchesAgainstOneByOne(Lab lab) {
        LabNamespace fw = lab.namespace("fw");
        fw.nft("table ip nat { chain post { type nat hook postrouting priority srcnat; }\n}");
        Conntrack conntrack = lab.closing(fw.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
        List<Flow> flows = Flows.many(FLOWS, Flows::natted);
        for (int round = 0; round < 2; round++) {
            conntrack.flush();
            long start = System.nanoTime();
            // One request, one answer each, as conntrackd -c does.
            flows.forEach(flow -> conntrack.create(flow, 600));
            long oneByOne = System.nanoTime() - start;
            conntrack.flush();
            start = System.nanoTime();
            CommitCounts counts = conntrack.commitAll(flows, 600);
            long batched = System.nanoTime() - start;
            assertThat(counts.of(CommitOutcome.CREATED)).isEqualTo(FLOWS);
            start = System.nanoTime();
            assertThat(conntrack.dumpAll(DumpFilter.ALL)).hasSize(FLOWS);
            long dumped = System.nanoTime() - start;
            System.out.printf(
                    "%d NAT flows: one by one %d ms, batched %d ms, dumped %d ms%n",
                    FLOWS, oneByOne / 1_000_000, batched / 1_000_000, dumped / 1_000_000);
        }
    }

    @Test
    void decodingOneEvent() {
        ByteBuf message = Unpooled.directBuffer();
        new ConntrackEncoder(false).create(message, 0, false, Flows.natted(1), 600);
        ConntrackDecoder decoder = new ConntrackDecoder();
        int rounds = 1_000_000;
        for (int pass = 0; pass < 3; pass++) {
            long start = System.nanoTime();
            long sum = 0;
            for (int i = 0; i < rounds; i++) {
                decoder.begin(message);
                decoder.next();
                sum += decoder.flow().mark();
            }
            System.out.printf("decode: %d ns per event (%d)%n", (System.nanoTime() - start) / rounds, sum);
        }
        assertThat(decoder.decodedCount()).isEqualTo(3L * rounds);
        message.release();
    }
}
