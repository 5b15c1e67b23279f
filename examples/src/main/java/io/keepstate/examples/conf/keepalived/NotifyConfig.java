// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The {@code notify*} lines of an instance or a group.
 *
 * @param master run on entering MASTER, without further arguments
 * @param backup run on entering BACKUP
 * @param fault run on entering FAULT
 * @param stop run when the daemon stops
 * @param any {@code notify}: run on every change, with INSTANCE or GROUP, the name, the state and the priority appended
 * @param deleted run when a reload removed the instance
 * @param lowerPriority {@code notify_master_rx_lower_pri}: run when the active router hears one of lower priority
 * @param tellDeleted {@code notify_deleted}: a removed instance is told of as DELETED rather than FAULT
 */
public record NotifyConfig(
        Optional<NotifyCommand> master,
        Optional<NotifyCommand> backup,
        Optional<NotifyCommand> fault,
        Optional<NotifyCommand> stop,
        Optional<NotifyCommand> any,
        Optional<NotifyCommand> deleted,
        Optional<NotifyCommand> lowerPriority,
        boolean tellDeleted) {
    /** No scripts at all. */
    public static final NotifyConfig NONE =
            new NotifyConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The lines for changes of state, and no others. */
    public NotifyConfig(
            Optional<NotifyCommand> master,
            Optional<NotifyCommand> backup,
            Optional<NotifyCommand> fault,
            Optional<NotifyCommand> stop,
            Optional<NotifyCommand> any) {
        this(master, backup, fault, stop, any, Optional.empty(), Optional.empty(), false);
    }

    /** The commands that are there. */
    public Stream<NotifyCommand> commands() {
        return Stream.of(master, backup, fault, stop, any, deleted, lowerPriority)
                .flatMap(Optional::stream);
    }

    /** The same lines without the commands that match. */
    public NotifyConfig without(Predicate<NotifyCommand> dropped) {
        Predicate<NotifyCommand> kept = dropped.negate();
        return new NotifyConfig(
                master.filter(kept),
                backup.filter(kept),
                fault.filter(kept),
                stop.filter(kept),
                any.filter(kept),
                deleted.filter(kept),
                lowerPriority.filter(kept),
                tellDeleted);
    }
}
