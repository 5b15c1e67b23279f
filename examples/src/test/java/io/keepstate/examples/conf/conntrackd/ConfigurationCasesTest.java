// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Our verdict of each small file, what the documentation says of each word, and what random text does. */
class ConfigurationCasesTest {
    @Test
    void everyFileIsJudgedAsItSays() throws IOException {
        List<ConfigurationCases.Case> cases = ConfigurationCases.all();
        assertThat(cases).hasSizeGreaterThan(750);
        Map<String, String> wrong = new TreeMap<>();
        for (ConfigurationCases.Case file : cases) {
            Reading<ConntrackdConfig> reading = read(file);
            if (verdict(reading) != file.here()) {
                wrong.put(file.name(), verdict(reading) + " " + reading.findings());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void theDocumentationNamesEveryWordOfTheGrammar() throws IOException {
        String documented = Files.readString(Path.of("../docs/conntrackd-conf.md"));
        assertThat(Keywords.all()).allMatch(word -> documented.contains("`" + word));
        assertThat(Keywords.removed()).allMatch(word -> documented.contains("`" + word));
    }

    @Test
    void noTextMakesTheReaderThrow() throws IOException {
        List<ConfigurationCases.Case> cases = ConfigurationCases.all();
        List<String> words = new ArrayList<>(Keywords.all());
        words.addAll(
                List.of("{", "{", "}", "}", "\n", "on", "off", "7", "-7", "10.0.0.1", "::1/64", "/x", "eth0", "#"));
        words.addAll(List.of("\"", "\u0000", "\u00fc", "\ufeff", "99999999999999999999", "1.2.3", "a:", "FTFW"));
        int texts = Boolean.getBoolean("keepstate.long") ? 10_000_000 : 100_000;
        Random random = new Random(4);
        int good = 0;
        for (int i = 0; i < texts; i++) {
            String text = i % 2 == 0 ? soup(words, random) : mutated(text(cases, random), words, random);
            Reading<ConntrackdConfig> reading = ConntrackdReader.read("c", text);
            assertThat(reading.configuration().isPresent() || !reading.errors().isEmpty())
                    .isTrue();
            good += reading.configuration().isPresent() ? 1 : 0;
        }
        assertThat(good).as("texts that are good").isBetween(texts / 50, texts);
    }

    private static String soup(List<String> words, Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
            text.append(words.get(random.nextInt(words.size()))).append(random.nextInt(4) == 0 ? "" : " ");
        }
        return text.toString();
    }

    /** A few octets, or a word, in another place, away, or twice. */
    private static String mutated(String text, List<String> words, Random random) {
        StringBuilder other = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && other.length() > 0; i--) {
            int at = random.nextInt(other.length());
            int end = Math.min(other.length(), at + 1 + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> other.setCharAt(at, (char) random.nextInt(0x180));
                case 1 -> other.delete(at, end);
                case 2 -> other.insert(random.nextInt(other.length()), other.substring(at, end));
                default -> other.insert(at, words.get(random.nextInt(words.size())));
            }
        }
        return other.toString();
    }

    private static String text(List<ConfigurationCases.Case> cases, Random random) {
        return new String(cases.get(random.nextInt(cases.size())).text(), StandardCharsets.ISO_8859_1);
    }

    private static Reading<ConntrackdConfig> read(ConfigurationCases.Case file) {
        return ConntrackdReader.read(file.name(), new String(file.text(), StandardCharsets.UTF_8));
    }

    private static ConfigurationCases.Verdict verdict(Reading<ConntrackdConfig> reading) {
        if (reading.configuration().isEmpty()) {
            return ConfigurationCases.Verdict.NO;
        }
        boolean warned = reading.findings().stream()
                .anyMatch(finding -> finding.severity() == Severity.WARNING || finding.severity() == Severity.INVALID);
        return warned ? ConfigurationCases.Verdict.WARN : ConfigurationCases.Verdict.OK;
    }
}
