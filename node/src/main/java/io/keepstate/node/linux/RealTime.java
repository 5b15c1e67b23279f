// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.process.OsThreads;
import io.keepstate.linux.process.Scheduling;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real-time priority of the VRRP loop, and of the threads it waits for: a loop that is stopped at a safepoint goes on
 * when {@code VM Thread} and the collector are done, so on a busy machine those need nearly as much.
 */
final class RealTime {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);
    /** How HotSpot names the threads that run safepoints and collections. */
    private static final List<String> MACHINE_THREADS =
            List.of("VM Thread", "GC Thread#", "G1 ", "Shenandoah", "ZWorker");

    private RealTime() {}

    /** Gives the calling thread this SCHED_RR priority and the machine's threads the one below; warns if refused. */
    static void take(String name, int priority) {
        if (!Scheduling.setPolicy(0, Scheduling.Policy.RR, priority)) {
            LOG.warn(
                    "{} runs without real-time priority: the kernel refused SCHED_RR {} (needs CAP_SYS_NICE or"
                            + " LimitRTPRIO); adverts may be late on a busy machine",
                    name,
                    priority);
            return;
        }
        OsThreads.list().forEach((thread, threadName) -> {
            if (MACHINE_THREADS.stream().anyMatch(threadName::startsWith)) {
                // Refused only for a thread that has just ended: what was granted above is granted here.
                boolean unused = Scheduling.setPolicy(thread, Scheduling.Policy.RR, Math.max(1, priority - 1));
            }
        });
    }
}
