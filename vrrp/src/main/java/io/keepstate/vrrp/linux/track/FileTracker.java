// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.TrackedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the number in one file. Belongs to the tracking thread. */
final class FileTracker {
    private static final Logger LOG = LoggerFactory.getLogger(FileTracker.class);
    /** Enough for any number; a file that grew by mistake is not read to its end. */
    private static final int MOST_OCTETS = 64;

    private final TrackedFile file;
    private final Path path;
    private final Path directory;
    private final String fileName;
    private final Consumer<TrackValue> result;
    private boolean known;
    private int value;
    /** Whether the last look, not told of by the kernel, found nothing in it. */
    private boolean blank;

    private String problem = "";
    private long garbage;

    FileTracker(TrackedFile file, Consumer<TrackValue> result) {
        this.file = file;
        this.path = Path.of(file.path());
        Path parent = path.getParent();
        this.directory = parent == null ? Path.of("/") : parent;
        this.fileName = String.valueOf(path.getFileName());
        this.result = result;
    }

    /** What it tracks. */
    TrackedFile file() {
        return file;
    }

    /** Where it lies: what is to be watched. */
    Path directory() {
        return directory;
    }

    /** Its name there. */
    String fileName() {
        return fileName;
    }

    /** How often it held something else than a number. */
    long garbage() {
        return garbage;
    }

    /** Writes the initial value if that is wanted, and reads the file. */
    void start() {
        if (file.initialValue().isPresent() && (file.overwrite() || !Files.exists(path))) {
            try {
                Files.writeString(path, file.initialValue().getAsInt() + "\n");
            } catch (IOException e) {
                LOG.warn(
                        "tracked file {}: its initial value cannot be written to {} ({}); make its directory, or"
                                + " correct the path",
                        file.name(),
                        path,
                        e.toString());
            }
        }
        read();
    }

    /** Reads it because time has passed. An empty file may be one that is being written: that counts the second time. */
    void look() {
        read(!blank);
    }

    /** Reads it because it was written, or is gone. */
    void read() {
        read(false);
    }

    private void read(boolean passOverBlank) {
        int found = 0;
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // To open a pipe would be to wait for who writes it, and everything else that is tracked with it.
            complain("is no regular file", false);
            tell(0);
            return;
        }
        try (InputStream in = Files.newInputStream(path)) {
            String text = new String(in.readNBytes(MOST_OCTETS), StandardCharsets.ISO_8859_1);
            OptionalInt number = FileNumber.parse(text);
            found = number.orElse(0);
            blank = text.isBlank();
            if (known && blank && passOverBlank) {
                return;
            }
            if (number.isPresent() || text.isBlank()) {
                problem = "";
            } else {
                complain("holds no number but '" + text.strip().replaceAll("[^ -~]", "?") + "'", true);
            }
        } catch (NoSuchFileException e) {
            problem = "";
        } catch (IOException e) {
            complain("cannot be read (" + e + ")", false);
        }
        tell(found);
    }

    private void tell(int found) {
        if (!known || found != value) {
            known = true;
            value = found;
            LOG.info("tracked file {} says {}", file.name(), found);
            result.accept(TrackValue.number(found));
        }
    }

    /** Once for each kind of problem in a row: the file is read again and again. */
    private void complain(String what, boolean isGarbage) {
        if (!what.equals(problem)) {
            problem = what;
            garbage += isGarbage ? 1 : 0;
            LOG.warn("tracked file {}: {} {}; it counts as 0", file.name(), path, what);
        }
    }
}
