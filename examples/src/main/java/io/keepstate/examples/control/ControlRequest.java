// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The requests of conntrackd's control socket, with the numbers its client sends, and one of our own. */
public enum ControlRequest {
    /** {@code -F ct}. */
    FLUSH_KERNEL_FLOWS(0),
    /** {@code -R ct}. */
    RESYNC_KERNEL_FLOWS(1),
    /** {@code -i}, {@code -i ct}. */
    DUMP_INTERNAL(16),
    /** {@code -e}, {@code -e ct}. */
    DUMP_EXTERNAL(17),
    /** {@code -c ct}. */
    COMMIT_FLOWS(18),
    /** No option of the client: flushes both flow caches. */
    FLUSH_FLOW_CACHES(19),
    /** {@code -k}. */
    KILL(20),
    /** {@code -s}, {@code -s ct}. */
    STATS(21),
    /** {@code -B}. */
    SEND_BULK(22),
    /** {@code -n}. */
    REQUEST_RESYNC(23),
    /** {@code -i -x}. */
    DUMP_INTERNAL_XML(24),
    /** {@code -e -x}. */
    DUMP_EXTERNAL_XML(25),
    /** {@code -t}. */
    RESET_TIMERS(26),
    /** {@code -s network}. */
    STATS_NETWORK(28),
    /** {@code -s cache}. */
    STATS_CACHE(29),
    /** {@code -s runtime}. */
    STATS_RUNTIME(30),
    /** {@code -s link}, {@code -s multicast}. */
    STATS_LINK(31),
    /** {@code -s rsqueue}. */
    STATS_RESEND_QUEUE(32),
    /** {@code -f internal}. */
    FLUSH_INTERNAL(33),
    /** {@code -f external}. */
    FLUSH_EXTERNAL(34),
    /** {@code -s process}. */
    STATS_PROCESS(35),
    /** {@code -s queue}. */
    STATS_QUEUE(36),
    /** {@code -s expect}. */
    STATS_EXPECT(37),
    /** {@code -F expect}. */
    FLUSH_KERNEL_EXPECTATIONS(38),
    /** {@code -R expect}. */
    RESYNC_KERNEL_EXPECTATIONS(39),
    /** {@code -i expect}. */
    DUMP_INTERNAL_EXPECTATIONS(40),
    /** {@code -e expect}. */
    DUMP_EXTERNAL_EXPECTATIONS(41),
    /** {@code -c expect}. */
    COMMIT_EXPECTATIONS(42),
    /** {@code -F}. */
    FLUSH_KERNEL(43),
    /** {@code -R}. */
    RESYNC_KERNEL(44),
    /** {@code -f}. */
    FLUSH_CACHES(45),
    /** {@code -c}. */
    COMMIT(46),
    /** {@code -i expect -x}. */
    DUMP_INTERNAL_EXPECTATIONS_XML(47),
    /** {@code -e expect -x}. */
    DUMP_EXTERNAL_EXPECTATIONS_XML(48),
    /** {@code -s limits}, of our own: far from conntrackd's numbers, which answers nothing to it. */
    STATS_LIMITS(1000);

    private static final Map<Integer, ControlRequest> BY_NUMBER = new HashMap<>();

    static {
        for (ControlRequest request : values()) {
            BY_NUMBER.put(request.number, request);
        }
    }

    private final int number;

    ControlRequest(int number) {
        this.number = number;
    }

    /** The number on the socket: four octets in the machine's byte order. */
    public int number() {
        return number;
    }

    /** The request of that number, empty if there is none. */
    public static Optional<ControlRequest> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }
}
