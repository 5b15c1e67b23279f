// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.ConntrackUnavailableException;
import io.keepstate.conntrack.EventStream;
import io.keepstate.conntrack.EventType;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import java.util.EnumSet;

/**
 * Shows {@code conntrack-netlink} alone: prints what the kernel tells about connections, as it happens. Needs
 * CAP_NET_ADMIN; ends with control-C.
 */
public final class ConntrackEvents {
    private static final int BUDGET = 1000;
    /** Reading once per millisecond costs far less than waking for each event. */
    private static final long PAUSE_NANOS = 1_000_000;

    private ConntrackEvents() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS);
                EventLoop loop = new EventLoop("events", DutyCycle.NONE, (part, failures, last) -> System.exit(1))) {
            EventStream events = conntrack.subscribe(EnumSet.allOf(EventType.class));
            loop.registerPaced(events, "conntrack events", PAUSE_NANOS, (readiness, now) -> print(events));
            loop.run();
        } catch (ConntrackUnavailableException e) {
            System.err.println("conntrack events: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int print(EventStream events) {
        int result =
                events.receive((type, flow, origin) -> System.out.printf("%9s %s%n", "[" + type + "]", flow), BUDGET);
        if (result == EventStream.OVERRUN) {
            System.out.println("(events were lost: they came faster than this program read them)");
        }
        return result;
    }
}
