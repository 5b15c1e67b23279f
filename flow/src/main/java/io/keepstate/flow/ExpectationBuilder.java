// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the parts of an {@link Expectation}. Not thread-safe; may be reused, since {@link #build} copies. */
public final class ExpectationBuilder {
    @Nullable
    Tuple expected;

    @Nullable
    Tuple mask;

    @Nullable
    Tuple master;

    int present;
    final long[] values = new long[ExpectationAttribute.count()];

    @Nullable
    ExpectationNat nat;

    @Nullable
    String helper;

    @Nullable
    String function;

    /** An empty builder: the three tuples are still needed. */
    public ExpectationBuilder() {}

    /** Forgets everything, so that the builder can collect another expectation. */
    public ExpectationBuilder reset() {
        expected = null;
        mask = null;
        master = null;
        present = 0;
        Arrays.fill(values, 0);
        nat = null;
        helper = null;
        function = null;
        return this;
    }

    /** Whether expected tuple, mask and master were set. */
    public boolean isComplete() {
        return expected != null && mask != null && master != null;
    }

    /** The tuple of the flow that is expected; required. */
    public ExpectationBuilder expected(@Nullable Tuple tuple) {
        expected = tuple;
        return this;
    }

    /** Which bits of the expected tuple count; required. */
    public ExpectationBuilder mask(@Nullable Tuple tuple) {
        mask = tuple;
        return this;
    }

    /** Original tuple of the flow that expects; required. */
    public ExpectationBuilder master(@Nullable Tuple tuple) {
        master = tuple;
        return this;
    }

    /** How the expected flow is to be translated. */
    public ExpectationBuilder nat(@Nullable ExpectationNat translation) {
        nat = translation;
        return this;
    }

    /** Name of the helper. */
    public ExpectationBuilder helper(@Nullable String name) {
        helper = name;
        return this;
    }

    /** Name of the kernel's function that sets the expected flow up. */
    public ExpectationBuilder function(@Nullable String name) {
        function = name;
        return this;
    }

    /** Sets a numeric attribute; its range is the attribute's. */
    public ExpectationBuilder set(ExpectationAttribute attribute, long value) {
        values[attribute.ordinal()] = value;
        present |= attribute.bit();
        return this;
    }

    /** Takes a numeric attribute away. */
    public ExpectationBuilder clear(ExpectationAttribute attribute) {
        values[attribute.ordinal()] = 0;
        present &= ~attribute.bit();
        return this;
    }

    /** Seconds until the kernel gives the expectation up. */
    public ExpectationBuilder timeoutSeconds(long seconds) {
        return set(ExpectationAttribute.TIMEOUT, seconds);
    }

    /** {@link ExpectationFlag} bits. */
    public ExpectationBuilder flags(int bits) {
        return set(ExpectationAttribute.FLAGS, bits & 0xffff_ffffL);
    }

    /** The helper's class of expectations. */
    public ExpectationBuilder expectationClass(int number) {
        return set(ExpectationAttribute.CLASS, number & 0xffff_ffffL);
    }

    /** Conntrack zone, 0..65535. */
    public ExpectationBuilder zone(int zone) {
        return set(ExpectationAttribute.ZONE, zone);
    }

    /** The kernel's id of the expectation. */
    public ExpectationBuilder id(long id) {
        return set(ExpectationAttribute.ID, id);
    }

    /**
     * The expectation.
     *
     * @throws NullPointerException without an expected tuple, a mask or a master
     */
    public Expectation build() {
        return new Expectation(this);
    }
}
