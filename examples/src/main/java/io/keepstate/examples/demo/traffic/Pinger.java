// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends ICMP echo requests with the JDK's own means (it has the right to: root of its namespaces). */
final class Pinger {
    private static final int TIMEOUT_MILLIS = 500;
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private Pinger() {}

    /** Pings until the JVM ends, on a daemon thread. */
    static void start(String address, PulseCounter counter) {
        Thread thread = new Thread(() -> ping(address, counter), "ping " + address);
        thread.setDaemon(true);
        thread.start();
    }

    private static void ping(String address, PulseCounter counter) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                counter.sent();
                if (InetAddress.getByName(address).isReachable(TIMEOUT_MILLIS)) {
                    counter.answered(System.nanoTime());
                }
            } catch (IOException noRoute) {
                // Counted as sent and not answered.
            }
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }
}
