// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.Flow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Names of the bits of conntrack labels, as connlabel.conf gives them: a number and a name on each line. Of two lines with
 * one number, or with one name, the first counts; a line that is neither this nor a comment says nothing.
 */
final class LabelMap {
    /** Labels a flow has room for. */
    static final int BITS = 128;

    /** Numbers a file may give names to. */
    private static final int NUMBERS = 1024;

    private static final Path FILE = Path.of("/etc/xtables/connlabel.conf");
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z -]+");

    private final Map<Integer, String> names = new TreeMap<>();
    private final Map<String, Integer> bits = new HashMap<>();

    /** A map read from a file, and why it is empty: what perror(3) would say behind the colon; empty if it is not. */
    record Reading(LabelMap map, String complaint) {}

    /** The map of this machine. */
    static Reading ofThisMachine() {
        return of(FILE);
    }

    /** The map in a file. */
    static Reading of(Path file) {
        try {
            if (Files.isDirectory(file)) {
                return new Reading(new LabelMap(), "Success");
            }
            LabelMap map = parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
            return new Reading(map, map.names.isEmpty() ? "Success" : "");
        } catch (NoSuchFileException absent) {
            return new Reading(new LabelMap(), "No such file or directory");
        } catch (IOException unreadable) {
            return new Reading(new LabelMap(), "Permission denied");
        }
    }

    static LabelMap parse(List<String> lines) {
        LabelMap map = new LabelMap();
        for (String line : lines) {
            // As strtoul(3): the number ends where no more of it comes, blank or not.
            int end = CNumber.length(line);
            String name = line.substring(end).strip();
            long bit = CNumber.any(line);
            if (end > 0 && bit < NUMBERS && NAME.matcher(name).matches() && !map.names.containsKey((int) bit)) {
                map.names.put((int) bit, name);
                map.bits.putIfAbsent(name, (int) bit);
            }
        }
        return map;
    }

    /** The bit of a name, -1 if there is none; from {@link #BITS} on it is one that no flow has. */
    int bit(String name) {
        return bits.getOrDefault(name, -1);
    }

    /** Names of the labels a flow has; bits without a name have none. */
    List<String> of(Flow flow) {
        if (flow.labelWords() == 0 || names.isEmpty()) {
            return List.of();
        }
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

    /** The set with one bit more: this one, or a longer copy. */
    static int[] with(int[] labels, int bit) {
        int word = bit / Integer.SIZE;
        int[] wide = word < labels.length ? labels : Arrays.copyOf(labels, word + 1);
        wide[word] |= 1 << bit;
        return wide;
    }
}
