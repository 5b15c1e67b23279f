// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.NatMapping;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.libc.Errno;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the kernel's answer to one request: another request, or an outcome. Computes only.
 *
 * <p>EEXIST does not say which entry is in the way, and an update cannot change a translation. So: look. The same
 * connection with the same translation is updated. The same connection with another one (the kernel had already
 * picked it up from a packet, in either direction, untranslated) is deleted by the id just read, and created; so is one
 * with FIXED_TIMEOUT, since the kernel changes nothing of it where a timeout is told (EPERM), and without one it would
 * end although it goes on. Any other connection stays: a clash.
 */
final class WriteResolution {
    /** Requests spent on one write before it is given up; an undisturbed EEXIST takes 3 to 6. */
    static final int MAX_ATTEMPTS = 16;

    private long withoutHelper;
    private long withoutLabels;

    /** Sets the write's next step and answers null, or answers how it ended. */
    @Nullable
    CommitOutcome onAnswer(PendingWrite write) {
        CommitOutcome outcome = switch (write.step) {
            case CREATE -> created(write);
            case LOOK_BY_ORIGINAL, LOOK_BY_REPLY -> looked(write);
            case UPDATE_FOUND -> updated(write);
            case DELETE_FOUND -> victimDeleted(write);
            case DELETE -> deleted(write);
        };
        return outcome == null && write.attempts >= MAX_ATTEMPTS ? CommitOutcome.UNRESOLVED : outcome;
    }

    private @Nullable CommitOutcome created(PendingWrite write) {
        switch (write.errno) {
            case 0 -> {
                return write.replacing ? CommitOutcome.REPLACED : CommitOutcome.CREATED;
            }
            case Errno.EEXIST -> {
                return proceed(write, PendingWrite.Step.LOOK_BY_ORIGINAL);
            }
            case Errno.EOPNOTSUPP -> {
                // An unknown helper costs the whole entry: better the connection without it.
                if (write.flow.helper() == null) {
                    return CommitOutcome.FAILED;
                }
                withoutHelper++;
                write.dropHelper();
                return null;
            }
            case Errno.ENOENT -> {
                return write.flow.master() != null ? CommitOutcome.NO_MASTER : CommitOutcome.FAILED;
            }
            default -> {
                return CommitOutcome.FAILED;
            }
        }
    }

    private static @Nullable CommitOutcome looked(PendingWrite write) {
        Flow entry = write.answer;
        if (write.errno == Errno.ENOENT) {
            // Not the original tuple then; the reply tuple; or the entry has gone meanwhile.
            return proceed(
                    write,
                    write.step == PendingWrite.Step.LOOK_BY_ORIGINAL
                            ? PendingWrite.Step.LOOK_BY_REPLY
                            : PendingWrite.Step.CREATE);
        }
        if (write.errno != 0) {
            return CommitOutcome.FAILED;
        }
        if (entry == null) {
            return null; // the answer itself was malformed or lost: ask again
        }
        write.found = entry;
        return inTheWay(write, entry);
    }

    private static @Nullable CommitOutcome inTheWay(PendingWrite write, Flow entry) {
        Tuple original = write.flow.original();
        Tuple reply = NatMapping.translatedReply(write.flow);
        if (entry.key().equals(write.flow.key())) {
            return sameConnection(write, reply.equals(entry.reply()), entry);
        }
        // The same packets seen the other way round: the kernel met an answer first and took it for a beginning.
        // An entry of the same original tuple in another zone is none of ours, though they share the zone of the
        // answers.
        boolean backwards = entry.original().equals(reply) || entry.original().equals(original.inverted());
        return backwards ? proceed(write, PendingWrite.Step.DELETE_FOUND) : CommitOutcome.NAT_CLASH;
    }

    private static @Nullable CommitOutcome sameConnection(PendingWrite write, boolean translatedAlike, Flow entry) {
        boolean fixed = (entry.status() & Status.FIXED_TIMEOUT) != 0;
        if (translatedAlike && fixed) {
            write.takeOverFound();
        }
        return proceed(
                write, translatedAlike && !fixed ? PendingWrite.Step.UPDATE_FOUND : PendingWrite.Step.DELETE_FOUND);
    }

    private @Nullable CommitOutcome updated(PendingWrite write) {
        switch (write.errno) {
            case 0 -> {
                return CommitOutcome.UPDATED;
            }
            case Errno.ENOENT -> {
                return proceed(write, PendingWrite.Step.CREATE);
            }
            case Errno.EBUSY, Errno.EPERM -> {
                // A packet set a status bit since we looked; or somebody FIXED_TIMEOUT.
                return proceed(write, PendingWrite.Step.LOOK_BY_ORIGINAL);
            }
            case Errno.ENOSPC -> {
                if (write.flow.labels() == null) {
                    return CommitOutcome.FAILED;
                }
                withoutLabels++;
                write.dropLabels();
                return null;
            }
            default -> {
                return CommitOutcome.FAILED;
            }
        }
    }

    private static @Nullable CommitOutcome victimDeleted(PendingWrite write) {
        if (write.errno != 0 && write.errno != Errno.ENOENT) {
            return CommitOutcome.FAILED;
        }
        write.replacing = true;
        return proceed(write, PendingWrite.Step.CREATE);
    }

    private static CommitOutcome deleted(PendingWrite write) {
        return switch (write.errno) {
            case 0 -> CommitOutcome.DELETED;
            case Errno.ENOENT -> CommitOutcome.ABSENT;
            default -> CommitOutcome.FAILED;
        };
    }

    private static @Nullable CommitOutcome proceed(PendingWrite write, PendingWrite.Step next) {
        write.step = next;
        return null;
    }

    long withoutHelper() {
        return withoutHelper;
    }

    long withoutLabels() {
        return withoutLabels;
    }
}
