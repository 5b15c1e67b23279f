// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

/**
 * Something about this machine's connection tracking that an operator should know before relying on it.
 *
 * @param subject what was looked at
 * @param message what is wrong, what it leads to, and how to fix it
 */
public record Finding(Subject subject, String message) {
    /** What {@link KernelCheck} looks at. */
    public enum Subject {
        /** Whether a nat chain exists, without which committed NAT flows are not translated. */
        NAT_HOOK,
        /** net.netfilter.nf_conntrack_buckets. */
        BUCKETS,
        /** net.netfilter.nf_conntrack_max. */
        MAXIMUM,
        /** net.netfilter.nf_conntrack_events. */
        EVENTS
    }
}
