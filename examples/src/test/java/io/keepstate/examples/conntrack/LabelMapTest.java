// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What conntrack 1.4.7 made of each line of a connlabel.conf. */
class LabelMapTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "5 five|five|5",
                "5 two words|two words|5",
                "5 two words|two|-1",
                "5 five \t|five|5",
                "\t 5\tfive|five|5",
                "0x10 hex|hex|16",
                "010 octal|octal|8",
                "08 none|8 none|0",
                "+5 five|five|5",
                "5five|five|5",
                "5x five|x five|5",
                "5 a-b|a-b|5",
                "5 9|9|5",
                "5 a.b|a.b|-1",
                "5 a_b|a_b|-1",
                "5 n # c|n|-1",
                "5 \u00e4|\u00e4|-1",
                "5, five|five|-1",
                "-1 minus|minus|-1",
                "x five|five|-1",
                "# 5 five|five|-1",
                "127 last|last|127",
                "1023 limit|limit|1023",
                "1024 beyond|beyond|-1"
            })
    void eachLineNamesOneBitOrNone(String line, String name, int bit) {
        assertThat(LabelMap.parse(List.of(line)).bit(name)).isEqualTo(bit);
    }

    @Test
    void ofTwoLinesWithOneNumberOrOneNameTheFirstCounts() {
        LabelMap map = LabelMap.parse(List.of("6 a", "5 a", "6 b", "", "7"));
        assertThat(map.bit("a")).isEqualTo(6);
        assertThat(map.bit("b")).isNegative();
    }

    @Test
    void anEmptyMapHasAReason(@TempDir Path directory) throws IOException {
        Path none = directory.resolve("none");
        Path comments = Files.writeString(directory.resolve("comments"), "# nothing\n");
        Path some = Files.write(directory.resolve("some"), new byte[] {'1', ' ', 'a', '\n', '#', (byte) 0xff});
        assertThat(LabelMap.of(none).complaint()).isEqualTo("No such file or directory");
        assertThat(LabelMap.of(comments).complaint()).isEqualTo("Success");
        assertThat(LabelMap.of(directory).complaint()).isEqualTo("Success");
        assertThat(LabelMap.of(some).complaint()).isEmpty();
        assertThat(LabelMap.of(some).map().bit("a")).isEqualTo(1);
    }
}
