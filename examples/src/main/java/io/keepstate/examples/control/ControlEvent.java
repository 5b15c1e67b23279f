// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.util.function.ToLongFunction;

/** What the control server counts. */
public enum ControlEvent {
    /** A client connected and may speak. */
    ACCEPTED,
    /** A request was answered to the end. */
    SERVED,
    /** A client of another user, neither root nor ours, was turned away. */
    REFUSED_USER,
    /** As many clients as allowed are connected: others wait in the kernel's queue until one of these has ended. */
    TOO_MANY_CLIENTS,
    /** A client waits because the process has no descriptor left for it. */
    NO_DESCRIPTOR,
    /** A client left after less than the four octets of a request. */
    SHORT_REQUEST,
    /** A client sent more than the four octets of a request; the rest was ignored. */
    LONG_REQUEST,
    /** The number is that of no request. */
    UNKNOWN_REQUEST,
    /** The request is known, but this daemon does not serve it. */
    UNSERVED_REQUEST,
    /** A client sent no request in time. */
    SILENT_CLIENT,
    /** A client stopped reading its reply. */
    STALLED_CLIENT,
    /** A client left before its reply was complete. */
    CLIENT_GONE,
    /** Serving a request failed inside the daemon; the log tells. */
    HANDLER_FAILED;

    /** {@code local read failed} of {@code -s runtime}: clients that were turned away, or sent no proper request. */
    public static long failedReads(ToLongFunction<ControlEvent> count) {
        return count.applyAsLong(REFUSED_USER)
                + count.applyAsLong(SHORT_REQUEST)
                + count.applyAsLong(LONG_REQUEST)
                + count.applyAsLong(SILENT_CLIENT);
    }

    /** {@code local unknown request} of {@code -s runtime}. */
    public static long unknownRequests(ToLongFunction<ControlEvent> count) {
        return count.applyAsLong(UNKNOWN_REQUEST) + count.applyAsLong(UNSERVED_REQUEST);
    }
}
