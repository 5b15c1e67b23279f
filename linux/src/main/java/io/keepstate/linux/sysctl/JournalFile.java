// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.sysctl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's file: read, changed and replaced as a whole under a lock that other processes respect. A reader sees the
 * old or the new content, never half of it, and what was saved survives the death of the process. One file per network
 * namespace; it names the boot it belongs to, since parameters do not outlive one.
 */
final class JournalFile {

    private static final Logger LOG = LoggerFactory.getLogger(SysctlJournal.class);
    private static final String TITLE = "keepstate sysctl journal 1";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** A file lock keeps other processes out, this one other threads of ours. */
    private static final Object IN_PROCESS = new Object();

    private final Path directory;
    private final Path file;
    private final String bootId;

    JournalFile(Path directory, String name) {
        this.directory = directory;
        this.file = directory.resolve(name);
        this.bootId = bootId();
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Reads the entries and lets a task change them; it says when they are to be saved. */
    void update(Consumer<Open> task) {
        synchronized (IN_PROCESS) {
            try {
                Files.createDirectories(directory);
                try (FileChannel lockFile = FileChannel.open(
                                directory.resolve("sysctl.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = lockFile.lock()) {
                    if (!lock.isValid()) {
                        throw new IOException("the lock was lost");
                    }
                    task.accept(new Open(load()));
                }
            } catch (IOException e) {
                throw failure(e);
            }
        }
    }

    /** The entries while they are ours to change. */
    final class Open {
        private final Map<String, JournalEntry> entries;

        private Open(Map<String, JournalEntry> entries) {
            this.entries = entries;
        }

        /** By key, in the order of their coming; may be changed. */
        Map<String, JournalEntry> entries() {
            return entries;
        }

        /** Makes the file say what the entries say now; without entries there is no file. */
        void save() {
            try {
                if (entries.isEmpty()) {
                    Files.deleteIfExists(file);
                } else {
                    replace();
                }
                sync(directory);
            } catch (IOException e) {
                throw failure(e);
            }
        }

        private void replace() throws IOException {
            StringBuilder text = new StringBuilder(TITLE + "\nboot " + bootId + "\n");
            entries.values().forEach(entry -> text.append(entry.line()).append('\n'));
            Path fresh = directory.resolve(file.getFileName() + ".new");
            try (FileChannel out = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer octets = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                while (octets.hasRemaining()) {
                    out.write(octets);
                }
                out.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Map<String, JournalEntry> load() throws IOException {
        Map<String, JournalEntry> entries = new LinkedHashMap<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return entries;
        }
        if (lines.size() < 2 || !lines.get(0).equals(TITLE)) {
            LOG.warn("{} is not a journal of kernel parameters; what it holds is not restored", file);
            return entries;
        }
        if (!lines.get(1).equals("boot " + bootId)) {
            return entries; // the machine was started since: all parameters are as its own configuration says
        }
        for (String line : lines.subList(2, lines.size())) {
            try {
                JournalEntry entry = JournalEntry.parse(line);
                entries.put(entry.key(), entry);
            } catch (IllegalArgumentException e) {
                LOG.warn("{}: this line cannot be understood and is not restored: {}", file, line);
            }
        }
        return entries;
    }

    /** A rename is safe on disk when its directory is. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    private UncheckedIOException failure(IOException cause) {
        return new UncheckedIOException(
                "the journal of kernel parameters cannot be kept in " + directory + ": " + cause.getMessage()
                        + "; make the directory writable or name another",
                cause);
    }

    private static String bootId() {
        try {
            return Files.readAllLines(BOOT_ID).get(0);
        } catch (IOException e) {
            return "unknown"; // not readable in some containers; a journal of an earlier boot is then believed
        }
    }
}
