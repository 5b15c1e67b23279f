// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.Flow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names of the bits of conntrack labels, as connlabel.conf gives them: a number 0..127 and a name on each line. */
final class LabelMap {
    private static final int BITS = 128;
    private static final List<Path> FILES =
            List.of(Path.of("/etc/xtables/connlabel.conf"), Path.of("/etc/connlabel.conf"));

    private final Map<Integer, String> names = new TreeMap<>();

    /** The map of this machine; null without a file. */
    static @Nullable LabelMap ofThisMachine() {
        for (Path file : FILES) {
            try {
                return parse(Files.readAllLines(file, StandardCharsets.UTF_8));
            } catch (IOException absent) {
                // the next one
            }
        }
        return null;
    }

    static LabelMap parse(List<String> lines) {
        LabelMap map = new LabelMap();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+", 3);
            boolean number = words.length >= 2 && words[0].matches("(0x)?[0-9a-fA-F]+");
            long bit = number ? CNumber.any(words[0]) : BITS;
            if (bit < BITS) {
                map.names.putIfAbsent((int) bit, words[1]);
            }
        }
        return map;
    }

    /** The bit of a name, -1 if there is none. */
    int bit(String name) {
        for (Map.Entry<Integer, String> entry : names.entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey();
            }
        }
        return -1;
    }

    /** Names of the labels a flow has; bits without a name have none. */
    List<String> of(Flow flow) {
        List<String> set = new ArrayList<>();
        names.forEach((bit, name) -> {
            if (bit / Integer.SIZE < flow.labelWords() && (flow.labelWord(bit / Integer.SIZE) >>> bit & 1) != 0) {
                set.add(name);
            }
        });
        return set;
    }

    /** A label set of all bits zero. */
    static int[] empty() {
        return new int[BITS / Integer.SIZE];
    }

    /** Sets one bit. */
    static void set(int[] labels, int bit) {
        labels[bit / Integer.SIZE] |= 1 << bit;
    }
}
