// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;

/**
 * The order of a commit. The kernel takes a related flow only after its master; and while a takeover is under way, what
 * is committed first works first. So the walk makes several passes over the slots: for each rank of value first the
 * flows that stand alone, then the related ones whose master was visited already (or is not in the cache: then it is in
 * the kernel, or nothing helps); in the end whatever is left. Each visit stamps the slot with the walk's number, so
 * that no entry is visited twice, and none is missed when it changes its rank meanwhile.
 */
final class CommitOrder {
    /** A pass for flows alone and one for related flows, of rank 0. */
    static final int PASSES_OF_MOST_VALUABLE = 2;

    private static final int RANKS = 3;
    private static final int RELATED = 4;
    private static final int RANK_MASK = 3;
    private static final int LAST_BUT_ONE_PASS = 2 * RANKS - 1;
    private static final int LAST_PASS = 2 * RANKS;

    /** Deeper chains of masters than this are in no order any more: a peer must not make the walk quadratic. */
    private static final int MOST_REPEATS = 8;

    private static final int SCTP_ESTABLISHED = 4;
    private static final int DCCP_OPEN = 4;

    private final FlowTable table;
    private int round;

    CommitOrder(FlowTable table) {
        this.table = table;
    }

    /** 0 to 2, smaller is more valuable; plus a bit for flows that have a master. */
    static byte rank(Flow flow) {
        boolean assured = (flow.status() & Status.ASSURED) != 0;
        int value;
        if (!assured || isClosing(flow)) {
            value = 2;
        } else {
            value = isEstablished(flow) ? 0 : 1;
        }
        return (byte) (value | (flow.master() == null ? 0 : RELATED));
    }

    private static boolean isEstablished(Flow flow) {
        return switch (flow.original().protocol()) {
            case Protocol.TCP -> flow.tcpState() == TcpState.ESTABLISHED;
            case Protocol.SCTP -> flow.get(Attribute.SCTP_STATE) == SCTP_ESTABLISHED;
            case Protocol.DCCP -> flow.get(Attribute.DCCP_STATE) == DCCP_OPEN;
            default -> false;
        };
    }

    private static boolean isClosing(Flow flow) {
        return flow.original().protocol() == Protocol.TCP
                && (flow.tcpState() == TcpState.TIME_WAIT || flow.tcpState() == TcpState.CLOSE);
    }

    CommitCursor start() {
        // 0 is what a slot has that was never visited.
        round = round == Integer.MAX_VALUE ? 1 : round + 1;
        return new CommitCursor(round);
    }

    int slice(CommitCursor cursor, int budget, HandleVisitor visitor) {
        if (cursor.round != round) {
            cursor.finish();
        }
        int visited = 0;
        int looks = Cursor.slotBudget(budget);
        while (visited < budget && looks > 0 && !cursor.isDone()) {
            if (cursor.nextSlot >= table.highWater()) {
                endPass(cursor);
                continue;
            }
            int slot = cursor.nextSlot++;
            looks--;
            if (isDue(slot, cursor)) {
                table.page(slot).round[FlowTable.at(slot)] = round;
                cursor.visitedInPass++;
                visited++;
                visitor.visit(table.handle(slot));
            }
        }
        return visited;
    }

    private static void endPass(CommitCursor cursor) {
        // Related flows can be masters themselves: their pass is repeated as long as it finds something.
        boolean again = cursor.pass == LAST_BUT_ONE_PASS && cursor.visitedInPass > 0 && ++cursor.repeats < MOST_REPEATS;
        if (cursor.pass == LAST_PASS) {
            cursor.finish();
        } else if (!again) {
            cursor.pass++;
        }
        cursor.nextSlot = 0;
        cursor.visitedInPass = 0;
    }

    private boolean isDue(int slot, CommitCursor cursor) {
        SlotPage page = table.page(slot);
        int at = FlowTable.at(slot);
        if (!table.isUsed(slot) || page.round[at] == round) {
            return false;
        }
        if (cursor.pass == LAST_PASS) {
            return true;
        }
        boolean related = (page.rank[at] & RELATED) != 0;
        boolean relatedPass = (cursor.pass & 1) != 0;
        if (related != relatedPass || (page.rank[at] & RANK_MASK) > cursor.pass / 2) {
            return false;
        }
        return !related || isMasterVisited(slot);
    }

    private boolean isMasterVisited(int slot) {
        Flow flow = table.flow(slot);
        Tuple master = flow.master();
        if (master == null) {
            return true;
        }
        // A connection and the one that expected it are in the same zone.
        int masterSlot = table.find(master, flow.originalZone());
        return masterSlot == FlowTable.NOT_FOUND || table.page(masterSlot).round[FlowTable.at(masterSlot)] == round;
    }
}
