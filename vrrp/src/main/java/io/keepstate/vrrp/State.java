// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/** The states of a virtual router (RFC 9568 section 6.4) and of a sync group. */
public enum State {
    /** Not started, or stopped. */
    INITIALIZE,
    /** Listens for the active router and waits for its death. */
    BACKUP,
    /** Advertises; answers for the virtual addresses. */
    ACTIVE,
    /** Started, but something it needs is missing: RFC 9568's Initialize while administratively up. Hears nothing, says nothing. */
    FAULT
}
