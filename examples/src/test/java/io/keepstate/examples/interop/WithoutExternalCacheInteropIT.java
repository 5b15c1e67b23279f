// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.demo.lab.Deviation;
import io.keepstate.examples.interop.ReferenceFirewall.Software;
import io.keepstate.examples.interop.ReferenceSetup.Variant;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The reference setup with {@code DisableExternalCache On} and its {@code CommitTimeout} left in, synchronised over the
 * dedicated link or over the LAN: every flow of the active node is in the kernel of the other before anything is
 * committed, and sessions survive.
 */
@ExtendWith(LabExtension.class)
class WithoutExternalCacheInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int CYCLES = LONG ? 5 : 1;
    /** Of the pairs, the one that begins with a conntrackd. */
    private static final int C_ACTIVE = 2;

    private static final int SESSIONS = LONG ? 20 : 5;
    /** Told at once by a conntrackd, faster than a kernel takes it. */
    private static final int TABLE = LONG ? 50_000 : 20_000;
    /** What is left of the reference's five seconds where time is short. */
    private static final Variant COMMON =
            Variant.NONE.with(conf -> conf.replace("PurgeTimeout 5", "PurgeTimeout " + (LONG ? 5 : 1)), rules -> rules);

    private static final Variant INJECTING = COMMON.with(Deviation.WITHOUT_EXTERNAL_CACHE);
    private static final Variant OVER_LAN = INJECTING.with(Deviation.SYNC_OVER_LAN);

    /** All pairs take the same step at the same time: most of a step is waiting. */
    @Test
    void everyFlowIsInTheKernelOfTheStandbyAndSessionsSurvive(Lab lab) {
        List<InjectingPair> pairs = pairs(lab);
        pairs.forEach(InjectingPair::start);
        pairs.forEach(pair -> pair.begin(FlowMix.everyKind(), SESSIONS));
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            if (cycle > 0) {
                comeBack(pairs);
            }
            pairs.forEach(InjectingPair::awaitEqualKernels);
            pairs.forEach(InjectingPair::assertOrdersAreHarmless);
            if (cycle == 0) {
                pairs.get(C_ACTIVE).askForATable(TABLE);
            }
            pairs.forEach(InjectingPair::powerLoss);
            comeBack(pairs);
            pairs.forEach(InjectingPair::awaitEqualKernels);
            pairs.forEach(InjectingPair::cleanStop);
        }
    }

    private static void comeBack(List<InjectingPair> pairs) {
        pairs.forEach(InjectingPair::comeBack);
        pairs.forEach(InjectingPair::standBy);
    }

    private static List<InjectingPair> pairs(Lab lab) {
        List<InjectingPair> pairs = new ArrayList<>();
        pairs.add(pair(lab, "oo", Software.OURS, Software.OURS, LONG ? INJECTING : OVER_LAN));
        pairs.add(pair(lab, "oc", Software.OURS, Software.C, INJECTING));
        pairs.add(pair(lab, "co", Software.C, Software.OURS, LONG ? INJECTING : OVER_LAN));
        if (LONG) {
            pairs.add(pair(lab, "oo-lan", Software.OURS, Software.OURS, OVER_LAN));
            pairs.add(pair(lab, "oc-lan", Software.OURS, Software.C, OVER_LAN));
            pairs.add(pair(lab, "co-lan", Software.C, Software.OURS, OVER_LAN));
        }
        return pairs;
    }

    private static InjectingPair pair(Lab lab, String name, Software first, Software second, Variant variant) {
        return new InjectingPair(lab, new ReferenceSetup(lab, name, first, second, variant, variant));
    }

    /**
     * What conntrackd itself prevents: our node has an external cache and {@code CommitTimeout}, so that it tells no
     * lifetime, as conntrackd would not; the installed one has no external cache, and fails with EINVAL. Our {@code -s
     * limits} says so.
     */
    @Test
    void aConntrackdWithoutAnExternalCacheNeedsAPeerThatTellsLifetimes(Lab lab) {
        ReferenceSetup setup = new ReferenceSetup(lab, "einval", Software.OURS, Software.C, COMMON, INJECTING);
        setup.fw1.startService();
        setup.fw2.startService();
        setup.fw1.awaitService();
        setup.fw2.awaitService();
        setup.fw1.create(FlowMix.tcp(10));
        Lab.eventually(
                ReferenceFirewall.PATIENCE,
                () -> setup.fw2.log().contains("Invalid argument"),
                "conntrackd cannot create a flow without a lifetime");
        assertThat(setup.fw2.table()).isEmpty();
        assertThat(setup.fw1.ask(Software.OURS, "-s limits").out()).containsPattern("\tlifetimes_told +0\n");
    }
}
