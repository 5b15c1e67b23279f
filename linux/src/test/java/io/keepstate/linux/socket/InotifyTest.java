// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyTest {
    private static final int ENDLESS = 20_000;

    @TempDir
    Path directory;

    @Test
    void aFileThatIsWrittenWithoutEndDoesNotKeepTheCaller() throws IOException {
        Path file = directory.resolve("busy");
        try (Inotify inotify = Inotify.open()) {
            assertThat(inotify.watch(directory.toString())).isPositive();
            Writer writer = new Writer(file);
            Files.writeString(file, "0");
            inotify.receive(writer);
            assertThat(writer.changes).isBetween(1, 10_000);
        }
    }

    /** Answers each change with another one. */
    private static final class Writer implements Inotify.Handler {
        private final Path file;
        private int changes;

        Writer(Path file) {
            this.file = file;
        }

        @Override
        public void onFile(int watch, String name) {
            changes++;
            assertThat(changes).as("changes handed over by one call").isLessThan(ENDLESS);
            try {
                Files.writeString(file, Integer.toString(changes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onDirectoryGone(int watch) {}

        @Override
        public void onOverflow() {}
    }
}
