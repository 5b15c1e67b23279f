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
 */
public record NotifyConfig(
        Optional<NotifyCommand> master,
        Optional<NotifyCommand> backup,
        Optional<NotifyCommand> fault,
        Optional<NotifyCommand> stop,
        Optional<NotifyCommand> any) {
    /** No scripts at all. */
    public static final NotifyConfig NONE =
            new NotifyConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The commands that are there. */
    public Stream<NotifyCommand> commands() {
        return Stream.of(master, backup, fault, stop, any).flatMap(Optional::stream);
    }

    /** The same lines without the commands that match. */
    public NotifyConfig without(Predicate<NotifyCommand> dropped) {
        Predicate<NotifyCommand> kept = dropped.negate();
        return new NotifyConfig(
                master.filter(kept), backup.filter(kept), fault.filter(kept), stop.filter(kept), any.filter(kept));
    }
}
