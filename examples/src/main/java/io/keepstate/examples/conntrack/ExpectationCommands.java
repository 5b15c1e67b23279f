// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.libc.Errno;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** The commands on the table of expectations; each answers how many it was about. */
final class ExpectationCommands {
    private final Conntrack kernel;
    private final PrintStream out;

    ExpectationCommands(Conntrack kernel, PrintStream out) {
        this.kernel = kernel;
        this.out = out;
    }

    long list(Arguments read) {
        ExpectationPrinter printer = new ExpectationPrinter(read.output, out);
        List<Expectation> all = kernel.expectations().dumpAll(family(read));
        all.forEach(printer::print);
        printer.end();
        return all.size();
    }

    /** Nobody who names no family gets those of IPv6: so says the manual page, and so it is with expectations alone. */
    private static Family family(Arguments read) {
        return read.family == null ? Family.IPV4 : read.family;
    }

    /** The master is the flow of -s, -d and the ports; the tuple and the mask have options of their own. */
    long create(Arguments read) {
        Family family = family(read);
        TupleArguments whole = read.mask;
        IpAddress ones = family == Family.IPV4 ? IpAddress.ipv4(-1) : new IpAddress(family, -1, -1);
        whole.source = whole.source == null ? ones : whole.source;
        whole.destination = whole.destination == null ? ones : whole.destination;
        Expectation expectation = Expectation.builder(
                        read.expected.tuple(family, read.protocol),
                        whole.tuple(family, read.protocol),
                        read.original.tuple(family, read.protocol))
                .build();
        long timeout = read.attributes.getOrDefault(io.keepstate.flow.Attribute.TIMEOUT, 0L);
        succeed(read, kernel.expectations().create(expectation, timeout));
        return 1;
    }

    long get(Arguments read) {
        Optional<Expectation> found = kernel.expectations().get(expected(read), 0);
        if (found.isEmpty()) {
            throw new Refusal(Refusal.OTHER, "Operation failed: No such file or directory");
        }
        new ExpectationPrinter(read.output, out).print(found.get());
        return 1;
    }

    long delete(Arguments read) {
        Tuple tuple = expected(read);
        Expectation expectation =
                Expectation.builder(tuple, Expectation.exactMask(tuple), tuple).build();
        succeed(read, kernel.expectations().delete(expectation));
        return 1;
    }

    void flush(Arguments read) {
        succeed(read, kernel.expectations().flush());
    }

    long count(Arguments read) {
        return kernel.expectations().dumpAll(family(read)).size();
    }

    private static Tuple expected(Arguments read) {
        return read.original.tuple(family(read), read.protocol);
    }

    private static void succeed(Arguments read, int errno) {
        if (errno != 0) {
            throw errno == Errno.ENOENT && read.verb() != Verb.CREATE_EXPECTATION
                    ? new Refusal(Refusal.OTHER, "Operation failed: No such file or directory")
                    : Refusal.kernel(read.verb(), errno);
        }
    }
}
