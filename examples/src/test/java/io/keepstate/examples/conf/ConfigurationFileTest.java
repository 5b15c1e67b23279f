// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileTest {
    @TempDir
    Path directory;

    private final Findings findings = new Findings("a.conf");

    @Test
    void aDeviceThatNeverEndsIsRefused() {
        assertThat(ConfigurationFile.load(Path.of("/dev/zero"), findings)).isEmpty();
        assertThat(findings.list()).singleElement().asString().contains("larger than 16 MiB");
    }

    @Test
    void aFileThatIsMuchTooLargeIsRefused() throws IOException {
        Path large = directory.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        assertThat(ConfigurationFile.load(large, findings)).isEmpty();
        assertThat(findings.list()).singleElement().asString().contains("larger than 16 MiB");
    }

    @Test
    void octetsThatAreNoTextAreReplaced() throws IOException {
        Path file = Files.write(directory.resolve("latin1"), new byte[] {'#', (byte) 0xe9, '\n'});
        assertThat(ConfigurationFile.load(file, findings)).isEqualTo(Optional.of("#\ufffd\n"));
    }
}
