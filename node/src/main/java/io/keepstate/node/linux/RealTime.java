// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.process.OsThreads;
import io.keepstate.linux.process.Scheduling;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Priorities of the two loops, and of the threads they wait for: a loop that is stopped at a safepoint goes on when {@code
 * VM Thread} and the collector are done, so on a busy machine those come between the two. The sync loop has a real-time one
 * too: while it does not run the kernel's events fill their socket buffer, and what does not fit is lost; at 20 000 new
 * flows a second 2 MiB last 80 ms.
 *
 * <p>The compilers are favoured but not in real time. One that waits for a processor in the middle of the machine's own code
 * keeps everybody from the safepoint (measured: 20 to 34 ms beside two busy loops). But a process that starts compiles for a
 * second, and in real time two of them leave nothing to others: a keepalived on the same two processors then said nothing
 * for 0.9 s and lost its role.
 */
final class RealTime {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);
    /** How HotSpot names the threads that run safepoints and collections. */
    private static final List<String> MACHINE_THREADS =
            List.of("VM Thread", "GC Thread#", "G1 ", "Shenandoah", "ZWorker");

    /** The compilers of HotSpot; the kernel cuts their names. */
    private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");

    /** Nine parts of ten beside another busy thread, which still gets its turn within some 30 ms. */
    private static final int COMPILERS_NICE = -10;

    /** What one loop is refused the other is refused too: once is enough. */
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private RealTime() {}

    /** Gives the calling thread this SCHED_RR priority, the machine's threads the one below; 0 changes nothing. */
    static void takeForVrrp(String name, int priority) {
        if (priority > 0) {
            take(name, priority, Math.max(1, priority - 1));
        }
    }

    /** Gives the calling thread a priority two below that of the VRRP loop, if there is such a one. */
    static void takeForSync(String name, int vrrpPriority) {
        if (vrrpPriority > 2) {
            take(name, vrrpPriority - 2, vrrpPriority - 1);
        }
    }

    private static void take(String name, int own, int machine) {
        if (!Scheduling.setPolicy(0, Scheduling.Policy.RR, own)) {
            if (WARNED.compareAndSet(false, true)) {
                LOG.warn(
                        "{} runs without real-time priority: the kernel refused SCHED_RR {} (needs CAP_SYS_NICE or"
                                + " LimitRTPRIO); on a busy machine adverts may be late and kernel events lost",
                        name,
                        own);
            }
            return;
        }
        OsThreads.list().forEach((thread, threadName) -> {
            // Refused only for a thread that has just ended: what was granted above is granted here.
            if (MACHINE_THREADS.stream().anyMatch(threadName::startsWith)) {
                boolean unused = Scheduling.setPolicy(thread, Scheduling.Policy.RR, machine);
            } else if (COMPILERS.stream().anyMatch(threadName::startsWith)) {
                boolean unused = Scheduling.setNice(thread, COMPILERS_NICE);
            }
        });
    }
}
