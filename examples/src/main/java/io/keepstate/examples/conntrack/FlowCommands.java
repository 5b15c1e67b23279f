// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.TableDump;
import io.keepstate.conntrack.TableOrders;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.conntrack.codec.DumpSource;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.libc.Errno;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The commands on the table of flows; each answers how many flows it was about. */
final class FlowCommands {
    private static final int SLICE = 8;

    private final Conntrack kernel;
    private final TableOrders orders;
    private final PrintStream out;
    private final PrintStream err;

    FlowCommands(Conntrack kernel, PrintStream out, PrintStream err) {
        this.kernel = kernel;
        this.orders = kernel.orders();
        this.out = out;
        this.err = err;
    }

    /** Prints flows while they are read: a large table takes no memory here. */
    long list(Arguments read) {
        if (read.has(Option.STATUS) && read.status == 0 && read.source == DumpSource.TABLE) {
            // The kernel refuses to look for flows with none of no bits.
            throw Refusal.kernel(read.verb(), Errno.EINVAL);
        }
        DumpSource source = read.has(Option.ZERO) && read.source == DumpSource.TABLE
                ? DumpSource.TABLE_ZEROING_COUNTERS
                : read.source;
        FlowPrinter printer = new FlowPrinter(read, out);
        FlowMatch match = FlowMatch.of(read);
        long[] shown = {0};
        dump(read, source, flow -> {
            if (match.test(flow)) {
                printer.print(flow);
                shown[0]++;
            }
        });
        printer.end();
        return shown[0];
    }

    long get(Arguments read) {
        if (!read.original.hasAddresses() || read.family == null) {
            throw Refusal.kernel(read.verb(), Errno.EINVAL);
        }
        Flow wanted = FlowTemplate.created(withoutReply(read));
        Optional<Flow> found = kernel.get(wanted.key());
        if (found.isEmpty()) {
            // The kernel looks both directions up; only the one that was asked for counts.
            if (orders.getByReply(wanted.original(), wanted.zone()).isEmpty()) {
                throw Refusal.kernel(read.verb(), Errno.ENOENT);
            }
            return 0;
        }
        if (!FlowMatch.of(read).test(found.get())) {
            return 0;
        }
        FlowPrinter printer = new FlowPrinter(read, out);
        printer.print(found.get());
        printer.end();
        return 1;
    }

    /** The tuple to look up comes from the original direction alone. */
    private static Arguments withoutReply(Arguments read) {
        Arguments key = new Arguments();
        key.verb = read.verb;
        key.family = read.family;
        key.protocol = read.protocol;
        key.protocolOptions = read.protocolOptions;
        key.original.source = read.original.source;
        key.original.destination = read.original.destination;
        key.original.sourceId = read.original.sourceId;
        key.original.destinationId = read.original.destinationId;
        key.original.icmpType = read.original.icmpType;
        key.original.icmpCode = read.original.icmpCode;
        key.original.icmpId = read.original.icmpId;
        return key;
    }

    /** Creates a flow; one that is there already is an error for -I and nothing for -A. */
    long create(Arguments read) {
        Flow flow = FlowTemplate.created(read);
        int errno = FlowTemplate.isWhole(read)
                ? orders.create(flow, flow.timeoutSeconds())
                : kernel.get(flow.key()).isPresent() ? Errno.EEXIST : Errno.EINVAL;
        if (errno == Errno.EEXIST && read.verb() == Verb.ADD) {
            return 0;
        }
        if (errno != 0) {
            throw Refusal.kernel(read.verb(), errno);
        }
        return 1;
    }

    /** Changes every flow that matches and shows what it has become. */
    long update(Arguments read) {
        List<Flow> flows = matching(read, FlowMatch.ofUpdate(read));
        FlowPrinter printer = new FlowPrinter(read, out);
        long updated = 0;
        Refusal refused = null;
        for (Flow flow : flows) {
            Flow change = FlowTemplate.updated(read, flow);
            if (change == null) {
                continue;
            }
            if (refused != null) {
                // As conntrack: what the kernel refuses is told at once, and ends the command at the next flow only.
                throw refused;
            }
            // conntrack takes the family of the request from the command line: without an address there is none.
            int errno = read.family == null ? Errno.EOPNOTSUPP : orders.change(change, FlowTemplate.labelMask(read));
            if (errno == Errno.ENOENT) {
                continue;
            }
            if (errno != 0) {
                err.println("Operation failed: " + Refusal.reason(read.verb(), errno));
                refused = Refusal.kernel(read.verb(), errno);
                if (read.family == null) {
                    throw refused;
                }
            }
            kernel.get(key(flow)).ifPresent(printer::print);
            updated++;
        }
        printer.end();
        return updated;
    }

    /** Deletes every flow that matches and shows it. */
    long delete(Arguments read) {
        FlowPrinter printer = new FlowPrinter(read, out);
        long deleted = 0;
        for (Flow flow : matching(read, FlowMatch.of(read))) {
            int errno = orders.delete(flow);
            if (errno != 0 && errno != Errno.ENOENT) {
                throw Refusal.kernel(read.verb(), errno);
            }
            if (errno == 0) {
                printer.print(flow);
                deleted++;
            }
        }
        printer.end();
        return deleted;
    }

    void flush(Arguments read) {
        Family family = read.family;
        int errno = orders.flush(family == null ? DumpFilter.ALL : DumpFilter.ALL.withFamily(family));
        if (errno != 0) {
            throw Refusal.kernel(read.verb(), errno);
        }
    }

    /** Collected first: the kernel's dump is not to be disturbed by what is done to its flows. */
    private List<Flow> matching(Arguments read, FlowMatch match) {
        List<Flow> flows = new ArrayList<>();
        dump(read, DumpSource.TABLE, flow -> {
            if (match.test(flow)) {
                flows.add(flow);
            }
        });
        return flows;
    }

    private void dump(Arguments read, DumpSource source, Consumer<Flow> to) {
        try (TableDump dump = kernel.startDump(source, FlowMatch.inKernel(read))) {
            while (!dump.isDone()) {
                dump.doWork(to::accept, SLICE);
            }
            if (dump.errno() != 0) {
                throw Refusal.kernel(read.verb(), dump.errno());
            }
        }
    }

    private static FlowKey key(Flow flow) {
        Tuple original = flow.original();
        return new FlowKey(
                original, (int) flow.get(flow.has(Attribute.ZONE) ? Attribute.ZONE : Attribute.ZONE_ORIGINAL));
    }
}
