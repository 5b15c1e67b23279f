// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/keepalived-conf.md names every directive that the readers know. */
class DirectivesDocumentedTest {
    private static final Path READERS = Path.of("src/main/java/io/keepstate/examples/conf/keepalived");
    private static final Pattern HANDLED = Pattern.compile("\\.on\\(\\s*(prefix \\+ )?\"([a-z0-9_]+)\"");

    @Test
    void everyDirectiveIsInTheTables() throws IOException {
        Set<String> known = new TreeSet<>();
        for (Unsupported.Place place : Unsupported.Place.values()) {
            known.addAll(Unsupported.silent(place));
            known.addAll(Unsupported.warned(place));
        }
        assertThat(implemented()).hasSizeGreaterThan(100);
        known.addAll(implemented());
        String documented = Files.readString(Path.of("../docs/keepalived-conf.md"));
        assertThat(known.stream().filter(name -> !documented.contains("`" + name)))
                .isEmpty();
    }

    private static Set<String> implemented() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(READERS)) {
            List<Path> readers =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            for (Path reader : readers) {
                Matcher matcher = HANDLED.matcher(Files.readString(reader));
                while (matcher.find()) {
                    names.add(matcher.group(2));
                }
            }
        }
        return names;
    }
}
