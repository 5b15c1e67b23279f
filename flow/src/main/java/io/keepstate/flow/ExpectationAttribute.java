// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Numeric attributes that an {@link Expectation} may or may not carry; absent is not the same as zero. */
public enum ExpectationAttribute {
    /** Seconds until the kernel gives the expectation up, 32 bits unsigned. */
    TIMEOUT("timeout"),
    /** {@link ExpectationFlag} bits. */
    FLAGS("flags"),
    /** The helper's class of expectations, 32 bits unsigned. */
    CLASS("class"),
    /** Conntrack zone, 0..65535. The kernel takes it in requests and does not report it. */
    ZONE("zone"),
    /** The kernel's id of the entry, local to one machine. */
    ID("id");

    private static final ExpectationAttribute[] ALL = values();

    private final String label;

    ExpectationAttribute(String label) {
        this.label = label;
    }

    /** The attribute's name in a line of text. */
    String label() {
        return label;
    }

    int bit() {
        return 1 << ordinal();
    }

    static int count() {
        return ALL.length;
    }
}
