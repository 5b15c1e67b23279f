// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Loads the text of a configuration file, or says in one sentence why it cannot be had. */
public final class ConfigurationFile {
    private static final int LARGEST = 16 << 20;

    private ConfigurationFile() {}

    /** The text, or empty after an error was added to the findings. */
    public static Optional<String> load(Path file, Findings findings) {
        try {
            if (Files.isDirectory(file)) {
                findings.error("this is a directory: name the configuration file itself");
                return Optional.empty();
            }
            return Optional.of(text(file));
        } catch (NoSuchFileException e) {
            findings.error("there is no such file: check the path given on the command line");
        } catch (AccessDeniedException e) {
            findings.error("no permission to read this file: run as its owner or as root, or make it readable");
        } catch (IOException e) {
            findings.error("cannot be read (" + e.getMessage() + "): check the file and its disk");
        }
        return Optional.empty();
    }

    /**
     * The text of a file or of whatever else can be read.
     *
     * @throws IOException also if it does not end soon, as a device may
     */
    public static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(LARGEST + 1);
            if (octets.length > LARGEST) {
                throw new IOException("it is larger than 16 MiB and surely no configuration");
            }
            // Bytes that are not UTF-8 only ever matter in comments: they are replaced, not refused.
            return new String(octets, StandardCharsets.UTF_8);
        }
    }
}
