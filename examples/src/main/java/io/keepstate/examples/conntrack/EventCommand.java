// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.EventHandler;
import io.keepstate.conntrack.EventStream;
import io.keepstate.conntrack.EventType;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Shows events until it is told to stop. */
final class EventCommand implements EventHandler {
    private static final int BUDGET = 64;
    /** How late a signal may be noticed. */
    private static final int WAIT_MILLIS = 100;

    private final Arguments read;
    private final PrintStream out;
    private final FlowPrinter printer;
    private final ExpectationPrinter expectationPrinter;
    private final FlowMatch match;
    private long shown;

    EventCommand(Arguments read, PrintStream out) {
        this.read = read;
        this.out = out;
        this.printer = new FlowPrinter(read, out);
        this.expectationPrinter = new ExpectationPrinter(read.output, out);
        this.match = FlowMatch.of(read);
    }

    /** Shows events; answers how many when {@code stopped} says so. */
    long run(Conntrack kernel, BooleanSupplier stopped, PrintStream err) {
        Set<EventType> types = read.events.isEmpty() ? EnumSet.allOf(EventType.class) : read.events;
        Set<EventType> none = EnumSet.noneOf(EventType.class);
        boolean expectations = read.verb() == Verb.EXPECTATION_EVENTS;
        EventStream stream = kernel.subscribe(expectations ? none : types, expectations ? types : none);
        if (read.has(Option.BUFFER_SIZE)) {
            err.println("NOTICE: Netlink socket buffer size has been set to " + stream.bufferSize() + " bytes.");
        }
        while (!stopped.getAsBoolean()) {
            stream.awaitEvents(WAIT_MILLIS);
            if (stream.receive(this, BUDGET) == EventStream.OVERRUN) {
                throw new Refusal(
                        Refusal.OTHER,
                        "failed to received netlink event: No buffer space available\n"
                                + "Please, check --buffer-size in conntrack(8) manpage.");
            }
            out.flush();
        }
        printer.end();
        expectationPrinter.end();
        return shown;
    }

    @Override
    public void onEvent(EventType type, Flow flow, long originPortId) {
        if (match.test(flow)) {
            shown++;
            printer.tail(origin(originPortId)).print(flow, event(type));
        }
    }

    @Override
    public void onExpectation(EventType type, Expectation expectation, long originPortId) {
        shown++;
        expectationPrinter.print(expectation, event(type));
    }

    private static FlowPrinter.Event event(EventType type) {
        return switch (type) {
            case NEW -> FlowPrinter.Event.NEW;
            case UPDATE -> FlowPrinter.Event.UPDATE;
            case DESTROY -> FlowPrinter.Event.DESTROY;
        };
    }

    /** A process's first netlink socket has its process number. */
    private static String origin(long portId) {
        if (portId == 0) {
            return "";
        }
        String tail = " [USERSPACE] portid=" + portId;
        try {
            return tail + " progname="
                    + Files.readString(Path.of("/proc/" + portId + "/comm")).strip();
        } catch (IOException notAProcess) {
            return tail;
        }
    }
}
