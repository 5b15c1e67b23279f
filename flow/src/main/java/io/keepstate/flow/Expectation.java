// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a helper has announced, and that is related to the connection it read that from: an immutable
 * value (struct nf_conntrack_expect, enum ctattr_expect). The packet that matches the expected tuple under the mask
 * begins a flow whose master is the flow of the master tuple; an FTP data connection is the best known.
 *
 * <p>Expected tuple, mask and master are always there, and of one address family; every other part may be absent, and
 * absent is not zero. A mask is written as a tuple: a one bit means that this bit must match. The kernel masks only
 * the source; a mask it reports has all ones in its destination, and the protocol number of the expected tuple.
 */
public final class Expectation {
    private final Tuple expected;
    private final Tuple mask;
    private final Tuple master;
    private final int present;
    private final long[] values;
    private final @Nullable ExpectationNat nat;
    private final @Nullable String helper;
    private final @Nullable String function;

    Expectation(ExpectationBuilder from) {
        this.expected = Objects.requireNonNull(from.expected, "an expectation has an expected tuple");
        this.mask = Objects.requireNonNull(from.mask, "an expectation has a mask");
        this.master = Objects.requireNonNull(from.master, "an expectation has a master");
        this.present = from.present;
        this.values = from.values.clone();
        this.nat = from.nat;
        this.helper = from.helper;
        this.function = from.function;
    }

    /** A builder for an expectation of this tuple, under this mask, by the flow of this original tuple. */
    public static ExpectationBuilder builder(Tuple expected, Tuple mask, Tuple master) {
        return new ExpectationBuilder().expected(expected).mask(mask).master(master);
    }

    /** The mask under which only this very tuple matches: all ones in both directions. */
    public static Tuple exactMask(Tuple expected) {
        boolean ipv6 = expected.family() == Family.IPV6;
        long low = ipv6 ? -1L : 0xffff_ffffL;
        long high = ipv6 ? -1L : 0;
        return new Tuple(expected.family(), high, low, high, low, expected.protocol(), 0xffff, 0xffff);
    }

    /** A builder that starts with everything this expectation has. */
    public ExpectationBuilder toBuilder() {
        ExpectationBuilder builder = builder(expected, mask, master);
        builder.present = present;
        System.arraycopy(values, 0, builder.values, 0, values.length);
        return builder.nat(nat).helper(helper).function(function);
    }

    /** What tells this expectation from another. */
    public ExpectationKey key() {
        return new ExpectationKey(master, expected, mask, zone());
    }

    /** The tuple the first packet of the expected flow must have, as far as the mask says. */
    public Tuple expected() {
        return expected;
    }

    /** Which bits of the expected tuple count. */
    public Tuple mask() {
        return mask;
    }

    /** Original tuple of the flow that expects. */
    public Tuple master() {
        return master;
    }

    /** How the expected flow is to be translated; null when it is not, or when nobody says. */
    public @Nullable ExpectationNat nat() {
        return nat;
    }

    /** Name of the helper of the master flow, such as {@code ftp}; null when absent. */
    public @Nullable String helper() {
        return helper;
    }

    /**
     * Name of the kernel's function that sets the expected flow up (struct nf_ct_helper_expectfn), such as
     * {@code nat-follow-master}; null when there is none.
     */
    public @Nullable String function() {
        return function;
    }

    /** Whether the attribute is present. */
    public boolean has(ExpectationAttribute attribute) {
        return (present & attribute.bit()) != 0;
    }

    /** The attribute's value, 0 when absent. */
    public long get(ExpectationAttribute attribute) {
        return values[attribute.ordinal()];
    }

    /** Seconds until the kernel gives the expectation up, unsigned; 0 when absent. */
    public long timeoutSeconds() {
        return get(ExpectationAttribute.TIMEOUT);
    }

    /** {@link ExpectationFlag} bits, 0 when absent. */
    public int flags() {
        return (int) get(ExpectationAttribute.FLAGS);
    }

    /** The helper's class of expectations, of which each has its own limit and timeout; 0 when absent. */
    public int expectationClass() {
        return (int) get(ExpectationAttribute.CLASS);
    }

    /** Conntrack zone of the expected and the master tuple, 0..65535; 0 when absent. */
    public int zone() {
        return (int) get(ExpectationAttribute.ZONE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Expectation that
                && present == that.present
                && expected.equals(that.expected)
                && mask.equals(that.mask)
                && master.equals(that.master)
                && Arrays.equals(values, that.values)
                && Objects.equals(nat, that.nat)
                && Objects.equals(helper, that.helper)
                && Objects.equals(function, that.function);
    }

    @Override
    public int hashCode() {
        return Objects.hash(expected, master, present, Arrays.hashCode(values));
    }

    /** The expectation for a log: one line with every part it has. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(240);
        out.append("proto=").append(expected.protocol()).append(' ').append(expected);
        out.append(" mask(").append(mask).append(") master(").append(master).append(')');
        for (ExpectationAttribute attribute : ExpectationAttribute.values()) {
            if (has(attribute)) {
                out.append(' ').append(attribute.label()).append('=').append(get(attribute));
            }
        }
        if (nat != null) {
            out.append(" nat(").append(nat.tuple()).append(") dir=").append(nat.direction());
        }
        if (helper != null) {
            out.append(" helper=").append(helper);
        }
        if (function != null) {
            out.append(" fn=").append(function);
        }
        return out.toString();
    }
}
