// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * Something an operator should know, which changes no state. Emitted once per kind until the state or the active router
 * changes; the counters count every occurrence.
 */
public enum Note {
    /** The advertised addresses are not the ones configured (RFC 9568 section 7.1: log only). */
    ADDRESS_LIST_MISMATCH,
    /** Version 3: the active router's interval is not ours; its interval is used (RFC 9568 section 7.1: log only). */
    INTERVAL_DIFFERS,
    /** Version 3: the active router's interval is longer than we are willing to wait for. */
    LEARNED_INTERVAL_CAPPED,
    /** An advertisement came from our own address: a duplicate address, or a loop. */
    DUPLICATE_SOURCE,
    /** Two routers claim to own the addresses (RFC 9568 erratum 8298). */
    SECOND_OWNER,
    /** An active router of lower priority is left alone until the preemption hold is lifted. */
    PREEMPTION_HELD,
    /** An active router of lower priority is left alone until the preempt delay is over. */
    PREEMPTION_DELAYED,
    /** An active router speaks version 3 only, although we speak both (RFC 9568 section 8.4.2). */
    VERSION_2_MISSING,
    /** The active router was switched to another form of checksum, and we follow it. */
    CHECKSUM_FORM_CHANGED
}
