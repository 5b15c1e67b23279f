// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.sysctl;

import java.util.ArrayList;
import java.util.List;

/**
 * One changed parameter: a line {@code KEY TAB ORIGINAL TAB VALUE TAB OWNER[,OWNER...]}.
 *
 * @param key its name
 * @param original what it was before
 * @param value what it was set to
 * @param owners who needs that
 */
record JournalEntry(String key, String original, String value, List<JournalOwner> owners) {

    JournalEntry {
        owners = List.copyOf(owners);
    }

    JournalEntry with(JournalOwner owner) {
        if (owners.contains(owner)) {
            return this;
        }
        List<JournalOwner> more = new ArrayList<>(owners);
        more.add(owner);
        return new JournalEntry(key, original, value, more);
    }

    JournalEntry without(JournalOwner owner) {
        return withOwners(owners.stream().filter(each -> !each.equals(owner)).toList());
    }

    JournalEntry withoutTheDead() {
        return withOwners(owners.stream().filter(JournalOwner::isAlive).toList());
    }

    private JournalEntry withOwners(List<JournalOwner> left) {
        return left.size() == owners.size() ? this : new JournalEntry(key, original, value, left);
    }

    String line() {
        return key + "\t" + original + "\t" + value + "\t"
                + String.join(",", owners.stream().map(JournalOwner::toString).toList());
    }

    /** Throws IllegalArgumentException if the line is none. */
    static JournalEntry parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 4 || fields[0].isEmpty()) {
            throw new IllegalArgumentException("not an entry: " + line);
        }
        List<JournalOwner> owners = new ArrayList<>();
        for (String owner : fields[3].split(",", -1)) {
            owners.add(JournalOwner.parse(owner));
        }
        return new JournalEntry(fields[0], fields[1], fields[2], owners);
    }
}
