// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lock file: one daemon per file. conntrackd only looks whether the file exists, so a crash leaves it locked out;
 * we write our process id into it and hold a record lock (fcntl(2)), which the kernel drops when its owner dies.
 */
public final class LockFile implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final String MARK = "keepstate\n";

    private final Path path;
    private final @Nullable Object fileKey;
    private final FileChannel channel;
    private final Optional<String> takenOverFrom;

    private LockFile(Path path, FileChannel channel, Optional<String> takenOverFrom) throws IOException {
        this.path = path;
        this.fileKey = ControlSocketFile.key(path);
        this.channel = channel;
        this.takenOverFrom = takenOverFrom;
    }

    /**
     * Takes the lock, also that of a dead owner.
     *
     * @param controlSocket where the owner of an empty lock file, which is conntrackd's, would answer
     * @throws ControlSocketException if a living daemon owns it or the file cannot be made
     */
    public static LockFile acquire(Path path, Path controlSocket) throws ControlSocketException {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                LockFile lock = tryAcquire(path, controlSocket);
                if (lock != null) {
                    return lock;
                }
            }
            throw held(path, "another daemon that is just starting or stopping");
        } catch (IOException e) {
            throw new ControlSocketException("cannot make the lock file " + path + " (" + e.getMessage()
                    + "): check that its directory exists and may be written to, or change LockFile");
        }
    }

    /** Who owned a lock that was taken over; empty if the file was not there. */
    public Optional<String> takenOverFrom() {
        return takenOverFrom;
    }

    private static @Nullable LockFile tryAcquire(Path path, Path controlSocket)
            throws IOException, ControlSocketException {
        @Nullable Object before = ControlSocketFile.key(path);
        boolean existed = before != null;
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    path,
                    EnumSet.of(
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            existed ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException anotherWasFaster) {
            return null;
        }
        boolean kept = false;
        try {
            FileLock lock = lock(channel);
            String content = read(channel);
            String owner = content.lines().findFirst().orElse("").strip();
            String ownerName = owner.isEmpty() ? "an owner that left no process id" : "process " + owner;
            if (lock == null) {
                throw held(path, owner.isEmpty() ? "another daemon" : ownerName);
            }
            // Our own mark and yet no record lock: its owner is dead, whoever may carry its process id now.
            if (existed && !content.endsWith(MARK) && isAlive(owner, controlSocket)) {
                throw held(path, owner.isEmpty() ? "the daemon that answers on " + controlSocket : ownerName);
            }
            String mine = ProcessHandle.current().pid() + "\n" + MARK;
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(mine.getBytes(StandardCharsets.US_ASCII)), 0);
            // The file must not be read by its path to see whether it is still ours: closing any descriptor of a file
            // drops all record locks of the process on it (fcntl(2)).
            kept = before == null || before.equals(ControlSocketFile.key(path));
            // Not kept: its last owner removed it while we opened it. Try again with a new one.
            return kept ? new LockFile(path, channel, existed ? Optional.of(ownerName) : Optional.empty()) : null;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static boolean isAlive(String owner, Path controlSocket) {
        if (owner.isEmpty()) {
            return ControlSocketFile.answers(controlSocket);
        }
        return owner.matches("[0-9]{1,10}")
                && ProcessHandle.of(Long.parseLong(owner))
                        .filter(ProcessHandle::isAlive)
                        .isPresent();
    }

    private static ControlSocketException held(Path path, String owner) {
        return new ControlSocketException(
                "lockfile `" + path + "' exists, perhaps conntrackd already running? It belongs to " + owner
                        + ": stop that daemon first, or change LockFile");
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ourselves) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(64);
        channel.read(content, 0);
        content.flip();
        return StandardCharsets.US_ASCII.decode(content).toString();
    }

    /** Removes the file, unless somebody else has put another one there since, then lets go of it. */
    @Override
    public void close() {
        try {
            if (channel.isOpen()) {
                if (Objects.equals(fileKey, ControlSocketFile.key(path))) {
                    Files.deleteIfExists(path);
                }
                channel.close();
            }
        } catch (IOException leftBehind) {
            // The record lock ends with the process: the next start takes the file over.
        }
    }
}
