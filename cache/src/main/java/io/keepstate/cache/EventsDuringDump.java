// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Flow;

/**
 * Lets events win over a dump of the kernel's table that is read in slices beside them.
 *
 * <p>The kernel makes a part of a dump when the one before is taken (netlink_recvmsg, net/netlink/af_netlink.c). So the
 * first part of a slice is as old as the slice before, and an event that was read between the two is newer than what it
 * shows: a flow that ended would come back for good, and one that changed would go back. And a flow is still in the table
 * for a moment when its end is told (nf_ct_delete, net/netfilter/nf_conntrack_core.c). What events told between two
 * slices is therefore remembered for two of them, and left out of the dump: whoever hears the events knows it better.
 *
 * <p>A flow is remembered by the hash of its key, 64 bits under a seed nobody knows; at most {@link #LIMIT} between two
 * slices. Not thread-safe.
 */
public final class EventsDuringDump {
    /** Flows remembered between two slices: more than the events of several turns, some 2 MiB. */
    public static final int LIMIT = 1 << 16;

    private final long seed;
    private KeyHashes recent = new KeyHashes();
    private KeyHashes former = new KeyHashes();
    private boolean running;
    private boolean sliceBegun;
    private boolean complete;
    private long outdated;
    private long forgotten;

    /**
     * No dump is read.
     *
     * @param hashSeed what no attacker knows
     */
    public EventsDuringDump(long hashSeed) {
        seed = hashSeed;
    }

    /** A dump begins: to be called before the kernel is asked for it. */
    public void begin() {
        clear();
        running = true;
        sliceBegun = false;
        complete = true;
    }

    /**
     * The dump is over, or there is none.
     *
     * @return whether every event could be remembered; if not, what was read may be older than what events told
     */
    public boolean end() {
        clear();
        running = false;
        return complete;
    }

    /** An event told of this flow. */
    public void onEvent(Flow flow) {
        if (!running) {
            return;
        }
        if (sliceBegun) {
            sliceBegun = false;
            KeyHashes oldest = former;
            former = recent;
            recent = oldest;
            recent.clear();
        }
        long hash = hash(flow);
        if (recent.size() < LIMIT) {
            recent.add(hash);
        } else if (!recent.contains(hash)) {
            complete = false;
            forgotten++;
        }
    }

    /** Whether the dump may show this flow older than an event did; to be asked of each flow of the dump. */
    public boolean isOutdated(Flow flow) {
        sliceBegun = true;
        if (recent.size() == 0 && former.size() == 0) {
            return false;
        }
        long hash = hash(flow);
        boolean told = recent.contains(hash) || former.contains(hash);
        outdated += told ? 1 : 0;
        return told;
    }

    /** Flows of dumps that were left to the events. */
    public long outdated() {
        return outdated;
    }

    /** Events that were too many to be remembered. */
    public long forgotten() {
        return forgotten;
    }

    private void clear() {
        recent.clear();
        former.clear();
    }

    private long hash(Flow flow) {
        return FlowTable.longHash(seed, flow.original(), flow.originalZone());
    }
}
