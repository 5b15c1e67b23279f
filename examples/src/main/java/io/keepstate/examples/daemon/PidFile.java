// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that names this process, for those who want to signal it. What a dead daemon left is replaced, also when its
 * number belongs to some other program by now.
 */
final class PidFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final Path PROCESSES = Path.of("/proc");
    /** What the launcher runs. */
    private static final String PROGRAM = "io.keepstate.examples.cli.Main";

    private final Path path;
    private final String content;

    private PidFile(Path path, String content) {
        this.path = path;
        this.content = content;
    }

    /** The daemon that a file names, if it lives: keepalived's own or ours. */
    static Optional<Long> livingOwner(Path path) {
        try {
            String text = Files.readString(path, StandardCharsets.ISO_8859_1).strip();
            if (!text.matches("[0-9]{1,10}")) {
                return Optional.empty();
            }
            long pid = Long.parseLong(text);
            String command = Files.readString(PROCESSES.resolve(text).resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return isKeepalived(command) && pid != ProcessHandle.current().pid() ? Optional.of(pid) : Optional.empty();
        } catch (IOException noSuchFileOrProcess) {
            return Optional.empty();
        }
    }

    /** Whether this command line (proc(5): words that end with a NUL) is keepalived's, or ours in its place. */
    static boolean isKeepalived(String commandLine) {
        List<String> words = List.of(commandLine.split("\0", -1));
        String program = words.get(0);
        int ours = words.indexOf(PROGRAM);
        return program.substring(program.lastIndexOf('/') + 1).equals("keepalived")
                || (ours >= 0 && ours + 1 < words.size() && words.get(ours + 1).equals("keepalived"));
    }

    /**
     * Writes the file, over one whose owner is dead.
     *
     * @throws IOException with a sentence for the operator
     */
    static PidFile write(Path path) throws IOException {
        String content = ProcessHandle.current().pid() + "\n";
        try {
            Path directory = path.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (Files.exists(path)) {
                LOG.info("replacing the stale process id file {}", path);
                Files.delete(path);
            }
            Files.writeString(path, content);
            // Whatever the umask: others may ask whether it lives.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
            return new PidFile(path, content);
        } catch (IOException e) {
            throw new IOException(
                    "cannot write the process id file " + path + " ("
                            + e.getClass().getSimpleName()
                            + "): check that its directory may be written to, or name another one",
                    e);
        }
    }

    /** Removes the file unless somebody else has replaced it. */
    @Override
    public void close() {
        try {
            if (Files.readString(path, StandardCharsets.ISO_8859_1).equals(content)) {
                Files.delete(path);
            }
        } catch (NoSuchFileException gone) {
            // As wanted.
        } catch (IOException e) {
            LOG.warn("the process id file {} could not be removed: {}", path, e.getMessage());
        }
    }
}
