// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.own;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the file of {@code --keepstate-conf}: a setting and its value on each line, {@code #} begins a comment. */
public final class OwnReader {
    private OwnReader() {}

    /**
     * Reads the file; what is wrong is added to the findings.
     *
     * @return the settings that are good
     */
    public static OwnConfig read(Path file, List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        try {
            lines.addAll(Files.readAllLines(file));
        } catch (IOException e) {
            findings.add(error(file, 0, "", "cannot be read (" + e.getMessage() + "): correct --keepstate-conf"));
        }
        Optional<String> group = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).replaceAll("#.*", "").strip().split("\\s+", -1);
            if (words[0].isEmpty()) {
                continue;
            }
            if (!words[0].equals("control_group")) {
                findings.add(error(file, i + 1, words[0], "is no setting; there is control_group"));
            } else if (words.length != 2) {
                findings.add(error(file, i + 1, words[0], "wants one word, the name of a group"));
            } else {
                group = Optional.of(words[1]);
            }
        }
        return new OwnConfig(group);
    }

    private static Finding error(Path file, int line, String setting, String message) {
        return new Finding(Severity.ERROR, file.toString(), line, setting, message);
    }
}
