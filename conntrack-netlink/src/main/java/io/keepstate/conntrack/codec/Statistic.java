// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

/**
 * What connection tracking counts on each processor, in the order of enum ctattr_stats_cpu, and what it counts of
 * expectations (enum ctattr_expect_stats). A kernel shows some of them only.
 */
public enum Statistic {
    /** Lookups; no longer counted. */
    SEARCHED(1),
    /** Lookups that found something else first. */
    FOUND(2),
    /** Flows begun; no longer counted. */
    NEW(3),
    /** Packets that belong to no flow and may not begin one. */
    INVALID(4),
    /** Packets not looked at; no longer counted. */
    IGNORE(5),
    /** Flows ended; no longer counted. */
    DELETE(6),
    /** Flows on the list of the dying; no longer counted. */
    DELETE_LIST(7),
    /** Flows put into the table. */
    INSERT(8),
    /** Flows for which another one was there already. */
    INSERT_FAILED(9),
    /** Packets dropped: the table was full, or the flow clashed. */
    DROP(10),
    /** Flows dropped to make room in a full table. */
    EARLY_DROP(11),
    /** Errors in ICMP answers. */
    ERROR(12),
    /** Lookups begun again while the table was resized. */
    SEARCH_RESTART(13),
    /** Clashes of two packets that were solved. */
    CLASH_RESOLVE(14),
    /** Flows not inserted: the hash chain was too long. */
    CHAIN_TOO_LONG(15, "chaintoolong"),
    /** Expectations made. */
    EXPECT_NEW(1, "expect_new"),
    /** Flows begun that were expected. */
    EXPECT_CREATE(2, "expect_create"),
    /** Expectations ended. */
    EXPECT_DELETE(3, "expect_delete");

    private static final Statistic[] ALL = values();

    private final int attribute;
    private final String label;

    Statistic(int attribute) {
        this.attribute = attribute;
        this.label = name().toLowerCase(java.util.Locale.ROOT);
    }

    Statistic(int attribute, String label) {
        this.attribute = attribute;
        this.label = label;
    }

    /** The name in conntrack's output, such as {@code insert_failed}. */
    public String label() {
        return label;
    }

    boolean isOfExpectations() {
        return ordinal() >= EXPECT_NEW.ordinal();
    }

    @org.jspecify.annotations.Nullable
    static Statistic of(int attribute, boolean ofExpectations) {
        for (Statistic some : ALL) {
            if (some.attribute == attribute && some.isOfExpectations() == ofExpectations) {
                return some;
            }
        }
        return null;
    }
}
