// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.socket.NamedPipe;
import io.keepstate.vrrp.linux.track.PrimaryGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named pipe that gets a line for each change, in order (keepalived: notify_fifo, vrrp_notify_fifo). Made with mode
 * 0644 if it is not there, given to the user it is for, and removed at the end. When nobody reads it fills up (64 KiB,
 * some 2 000 lines); lines that find no room are counted, and the first of them is logged: keepalived loses them in
 * silence.
 *
 * <p>Confined to one thread, but for {@link #lost}, {@link #replace} and {@link #remove}.
 */
public final class NotifyFifo implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyFifo.class);
    private static final int MODE = 0644;

    private final Path path;
    private final NamedPipe pipe;
    /** Whether the file goes with it. */
    private final AtomicBoolean made;

    private final AtomicLong lost = new AtomicLong();
    private boolean full;

    private NotifyFifo(Path path, NamedPipe pipe, boolean made) {
        this.path = path;
        this.pipe = pipe;
        this.made = new AtomicBoolean(made);
    }

    /**
     * Opens the pipe, which is made if it is not there.
     *
     * @param user who gets a pipe that is made; absent: the user of the daemon
     * @param group absent: the user's own
     * @throws IOException with a sentence for the operator
     */
    public static NotifyFifo open(Path path, Optional<String> user, Optional<String> group) throws IOException {
        try {
            boolean made = NamedPipe.make(path, MODE);
            if (made) {
                // Whatever the umask: it is there to be read by others.
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
                if (user.isPresent()) {
                    give(path, user.get(), group);
                }
            } else if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new IOException(
                        "notify FIFO " + path + " is there but is no named pipe: remove it, or name" + " another one");
            }
            return new NotifyFifo(path, NamedPipe.open(path), made);
        } catch (LinuxException e) {
            throw new IOException(
                    "notify FIFO " + path + " cannot be opened (" + e.getMessage()
                            + "): check that its directory exists and may be written to",
                    e);
        }
    }

    /** Lines are more than their owner: what cannot be given away is still written. */
    private static void give(Path path, String user, Optional<String> group) {
        try {
            UserPrincipalLookupService known = path.getFileSystem().getUserPrincipalLookupService();
            String groupName =
                    group.isPresent() ? group.get() : PrimaryGroup.of(user).orElse(user);
            // Not through a link that somebody may have put in its place by now.
            Files.setAttribute(
                    path, "posix:group", known.lookupPrincipalByGroupName(groupName), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "posix:owner", known.lookupPrincipalByName(user), LinkOption.NOFOLLOW_LINKS);
        } catch (UserPrincipalNotFoundException e) {
            LOG.warn(
                    "notify FIFO {} is not given to {}: there is no user or group {}; add it, or name another",
                    path,
                    user,
                    e.getName());
        } catch (IOException e) {
            LOG.warn("notify FIFO {} cannot be given to {} ({}): run the daemon as root", path, user, e.getMessage());
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Writes one line, or counts it as lost. */
    public void write(Notification notification) {
        boolean taken;
        try {
            taken = pipe.write(notification.line().getBytes(StandardCharsets.UTF_8));
        } catch (LinuxException e) {
            LOG.warn("notify FIFO {}: {}", path, e.getMessage());
            taken = false;
        }
        if (taken) {
            full = false;
            return;
        }
        lost.incrementAndGet();
        if (!full) {
            full = true;
            LOG.warn(
                    "notify FIFO {} is full: nobody reads it, {} lines are lost by now; start its reader, or remove the"
                            + " directive",
                    path,
                    lost.get());
        }
    }

    /** Lines that found no room; from any thread. */
    public long lost() {
        return lost.get();
    }

    /** Takes the place of one that has the same file open: if that made the file, this removes it. */
    void replace(NotifyFifo before) {
        if (before.made.getAndSet(false)) {
            made.set(true);
        }
    }

    @Override
    public void close() {
        pipe.close();
        remove();
    }

    /** Removes the file if it was made here. Who has it open may go on writing and reading. */
    void remove() {
        if (made.getAndSet(false)) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException stays) {
                LOG.warn("notify FIFO {} could not be removed: {}", path, stays.getMessage());
            }
        }
    }
}
