// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What waits to be sent (TX) and what was sent and is not acknowledged (RS), as doubly linked lists through primitive
 * arrays: no object per message, and any entry leaves its list in constant time. Objects are in one list at most, by
 * their handle; controls (ACK, NACK, RESYNC with their range) have lists of their own, so that they overtake objects
 * and have a limit of their own. Both RS lists are in the order of sequence numbers.
 */
final class SendQueues {
    static final int NONE = -1;

    static final int TX_CONTROLS = 0;
    static final int TX_OBJECTS = 1;
    static final int RS_CONTROLS = 2;
    static final int RS_OBJECTS = 3;
    private static final int FREE = 4;
    private static final int LISTS = 5;

    private final int[] head = new int[LISTS];
    private final int[] tail = new int[LISTS];
    private final int[] count = new int[LISTS];

    private int[] next;
    private int[] previous;
    private int[] sequence;
    private byte[] list;
    private byte[] control;
    /** The handle of an object; {@code from << 32 | to} of a control. */
    private long[] content;

    private final HandleIndex index;

    SendQueues(int expected) {
        Arrays.fill(head, NONE);
        Arrays.fill(tail, NONE);
        next = new int[0];
        previous = next;
        sequence = next;
        list = new byte[0];
        control = list;
        content = new long[0];
        index = new HandleIndex(expected);
        resize(Math.max(16, expected));
    }

    private void resize(int capacity) {
        int old = next.length;
        next = Arrays.copyOf(next, capacity);
        previous = Arrays.copyOf(previous, capacity);
        sequence = Arrays.copyOf(sequence, capacity);
        list = Arrays.copyOf(list, capacity);
        control = Arrays.copyOf(control, capacity);
        content = Arrays.copyOf(content, capacity);
        for (int entry = old; entry < capacity; entry++) {
            link(entry, FREE);
        }
    }

    private int allocate(int target) {
        if (head[FREE] == NONE) {
            resize(next.length * 2);
        }
        int entry = head[FREE];
        unlink(entry);
        link(entry, target);
        return entry;
    }

    private void link(int entry, int target) {
        next[entry] = NONE;
        previous[entry] = tail[target];
        if (tail[target] == NONE) {
            head[target] = entry;
        } else {
            next[tail[target]] = entry;
        }
        tail[target] = entry;
        list[entry] = (byte) target;
        count[target]++;
    }

    private void unlink(int entry) {
        int source = list[entry];
        if (previous[entry] == NONE) {
            head[source] = next[entry];
        } else {
            next[previous[entry]] = next[entry];
        }
        if (next[entry] == NONE) {
            tail[source] = previous[entry];
        } else {
            previous[next[entry]] = previous[entry];
        }
        count[source]--;
    }

    /** Appends a control to be sent; {@code flag} is its flag of {@link NetHeader}. */
    void addControl(int flag, int from, int to) {
        int entry = allocate(TX_CONTROLS);
        control[entry] = (byte) flag;
        content[entry] = ((long) from << 32) | (to & 0xffff_ffffL);
    }

    /** Appends an object to be sent, which is in no list yet. */
    void addObject(long handle) {
        int entry = allocate(TX_OBJECTS);
        control[entry] = 0;
        content[entry] = handle;
        index.add(handle, entry);
    }

    /** Moves an entry to the end of the other list of its kind. */
    private void move(int entry, int target) {
        unlink(entry);
        link(entry, target);
    }

    /** Notes the number under which an entry left, and that it waits for an acknowledgement now. */
    void sent(int entry, int sequenceNumber) {
        sequence[entry] = sequenceNumber;
        move(entry, isObject(entry) ? RS_OBJECTS : RS_CONTROLS);
    }

    /** Back to the end of what is to be sent. */
    void again(int entry) {
        move(entry, isObject(entry) ? TX_OBJECTS : TX_CONTROLS);
    }

    /** Sends again what is unacknowledged in {@code from..to}; returns how many entries that are. */
    int againWithin(int rsList, int from, int to) {
        int moved = 0;
        int entry = head[rsList];
        while (entry != NONE && !Sequence.before(to, sequence[entry])) {
            int following = next[entry];
            if (!Sequence.before(sequence[entry], from)) {
                again(entry);
                moved++;
            }
            entry = following;
        }
        return moved;
    }

    /** Sends again what is unacknowledged below a number; returns how many entries that are. */
    int againBelow(int rsList, int limit) {
        int moved = 0;
        while (isBelow(rsList, limit)) {
            again(head[rsList]);
            moved++;
        }
        return moved;
    }

    /** Whether anything below a number is unacknowledged. */
    boolean isBelow(int rsList, int limit) {
        int entry = head[rsList];
        return entry != NONE && Sequence.before(sequence[entry], limit);
    }

    /** Sends all unacknowledged objects again; returns how many that are. */
    int againAllObjects() {
        int moved = 0;
        while (head[RS_OBJECTS] != NONE) {
            again(head[RS_OBJECTS]);
            moved++;
        }
        return moved;
    }

    /** Whether a request for a resync is on its way: the peer has not acknowledged it. */
    boolean holdsRequest() {
        return holdsRequest(TX_CONTROLS) || holdsRequest(RS_CONTROLS);
    }

    private boolean holdsRequest(int list) {
        for (int entry = head[list]; entry != NONE; entry = next[entry]) {
            if (control[entry] == NetHeader.RESYNC) {
                return true;
            }
        }
        return false;
    }

    /** Sends unacknowledged requests for a resync again. */
    void againRequests() {
        int entry = head[RS_CONTROLS];
        while (entry != NONE) {
            int following = next[entry];
            if (control[entry] == NetHeader.RESYNC) {
                again(entry);
            }
            entry = following;
        }
    }

    /** Forgets all ACKs and NACKs of a list of controls. */
    void dropRanges(int list) {
        int entry = head[list];
        while (entry != NONE) {
            int following = next[entry];
            if (control[entry] != NetHeader.RESYNC) {
                drop(entry);
            }
            entry = following;
        }
    }

    /** Both RS lists in one, in the order of sequence numbers. */
    List<UnacknowledgedMessage> unacknowledged() {
        List<UnacknowledgedMessage> messages = new ArrayList<>(count[RS_CONTROLS] + count[RS_OBJECTS]);
        int ask = head[RS_CONTROLS];
        int object = head[RS_OBJECTS];
        while (ask != NONE || object != NONE) {
            boolean askFirst = object == NONE || (ask != NONE && Sequence.before(sequence[ask], sequence[object]));
            int entry = askFirst ? ask : object;
            messages.add(new UnacknowledgedMessage(sequence[entry], control[entry]));
            ask = askFirst ? next[ask] : ask;
            object = askFirst ? object : next[object];
        }
        return messages;
    }

    /** Forgets an entry. */
    void drop(int entry) {
        if (isObject(entry)) {
            index.remove(content[entry]);
        }
        unlink(entry);
        link(entry, FREE);
    }

    int find(long handle) {
        return index.get(handle);
    }

    int objects() {
        return index.size();
    }

    boolean isObject(int entry) {
        return control[entry] == 0;
    }

    boolean isUnacknowledged(int entry) {
        return list[entry] == RS_OBJECTS || list[entry] == RS_CONTROLS;
    }

    int head(int whichList) {
        return head[whichList];
    }

    int next(int entry) {
        return next[entry];
    }

    int count(int whichList) {
        return count[whichList];
    }

    int sequence(int entry) {
        return sequence[entry];
    }

    int control(int entry) {
        return control[entry];
    }

    long handle(int entry) {
        return content[entry];
    }

    int from(int entry) {
        return (int) (content[entry] >> 32);
    }

    int to(int entry) {
        return (int) content[entry];
    }
}
