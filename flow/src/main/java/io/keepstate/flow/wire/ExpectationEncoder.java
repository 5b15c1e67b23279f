// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes an expectation as the payload of a state message, attribute by attribute in the order conntrackd writes them,
 * so that the octets are the same. All releases from 1.4.2 on have one form, and no number of it depends on the
 * machine's byte order. Allocates nothing. Immutable and thread-safe.
 */
public final class ExpectationEncoder {
    private final WireOptions options;

    /** An encoder; of the options only {@link WireOptions#sendTimeout} counts. */
    public ExpectationEncoder(WireOptions options) {
        this.options = options;
    }

    /** What keeps this expectation from being sent truthfully, the gravest reason first; null when nothing does. */
    public @Nullable Unprotected withheld(Expectation expectation) {
        return Unprotected.of(expectation);
    }

    /**
     * Appends the payload.
     *
     * @param out where to write, at the writer index
     * @return null when all of the expectation was written; else what was withheld: nothing was written if it
     *     {@link Unprotected#isWhole}, all but the attribute in question if not
     */
    public @Nullable Unprotected encode(Expectation expectation, ByteBuf out) {
        Unprotected withheld = withheld(expectation);
        if (withheld != null && withheld.isWhole()) {
            return withheld;
        }
        Tuple master = expectation.master();
        // conntrackd looks at the master's protocol alone to decide whether ports are sent, in all of the tuples.
        boolean ports = WireAttribute.carriesPortsOf(master.protocol());
        boolean expectedPorts =
                ports && WireAttribute.hasPortsOrKeys(expectation.expected().protocol());
        tuple(out, master, WireExpectationAttribute.MASTER_IPV4, ports);
        tuple(out, expectation.expected(), WireExpectationAttribute.EXPECT_IPV4, expectedPorts);
        tuple(out, expectation.mask(), WireExpectationAttribute.MASK_IPV4, expectedPorts);
        if (options.sendTimeout()) {
            number(out, WireExpectationAttribute.TIMEOUT, expectation, ExpectationAttribute.TIMEOUT);
        }
        number(out, WireExpectationAttribute.FLAGS, expectation, ExpectationAttribute.FLAGS);
        number(out, WireExpectationAttribute.CLASS, expectation, ExpectationAttribute.CLASS);
        nat(out, expectation.nat(), ports);
        String helper = expectation.helper();
        if (helper != null && Unprotected.isHelperSendable(helper)) {
            WireWriter.name(out, WireExpectationAttribute.HELPER_NAME, helper);
        }
        String function = expectation.function();
        if (function != null) {
            WireWriter.name(out, WireExpectationAttribute.FN, function);
        }
        return withheld;
    }

    /** The four attributes of a tuple follow each other: IPv4, IPv6, protocol, ports. */
    private static void tuple(ByteBuf out, Tuple tuple, int first, boolean ports) {
        WireWriter.addresses(out, tuple, first, first + 1);
        WireWriter.octet(out, first + 2, tuple.protocol());
        if (ports) {
            WireWriter.ports(out, first + 3, tuple);
        }
    }

    private static void nat(ByteBuf out, @Nullable ExpectationNat nat, boolean ports) {
        if (nat == null) {
            return;
        }
        Tuple tuple = nat.tuple();
        WireWriter.head(out, WireExpectationAttribute.NAT_IPV4, 8)
                .writeInt((int) tuple.sourceLow())
                .writeInt((int) tuple.destinationLow());
        WireWriter.octet(out, WireExpectationAttribute.NAT_L4PROTO, tuple.protocol());
        if (ports && WireAttribute.hasPortsOrKeys(tuple.protocol())) {
            WireWriter.ports(out, WireExpectationAttribute.NAT_PORT, tuple);
        }
        WireWriter.number(out, WireExpectationAttribute.NAT_DIR, nat.direction());
    }

    private static void number(ByteBuf out, int wire, Expectation expectation, ExpectationAttribute attribute) {
        if (expectation.has(attribute)) {
            WireWriter.number(out, wire, expectation.get(attribute));
        }
    }
}
