// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.linux.libc.Errno;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** What a command line says of labels: their names become bits with the map of this machine. */
final class LabelArguments {
    private final Arguments read;
    private final PrintStream err;

    LabelArguments(Arguments read, PrintStream err) {
        this.read = read;
        this.err = err;
    }

    /** Labels that flows must have. */
    void wanted(String names) {
        read.labels = bits(read.labels, names);
    }

    /** Labels to add. */
    void added(String names) {
        int[] labels = bits(read.labelsToAdd, names);
        if (labels.length > LabelMap.BITS / Integer.SIZE) {
            throw Refusal.kernel(read.verb(), Errno.ERANGE);
        }
        read.labelsToAdd = labels;
    }

    /** Labels to delete; null stands for all of them. */
    void deleted(@Nullable String names) {
        if (names == null) {
            map();
            read.labelsToDelete = new int[] {-1, -1, -1, -1};
        } else {
            read.labelsToDelete = bits(read.labelsToDelete, names);
        }
    }

    /** Labels are shown by their names. */
    void shown() {
        map();
    }

    private int[] bits(int @Nullable [] before, String names) {
        int[] labels = before == null ? LabelMap.empty() : before;
        LabelMap map = map();
        for (String name : names.split(",", -1)) {
            int bit = map.bit(name);
            if (bit < 0) {
                throw Refusal.parameter("unknown label '" + name + "'");
            }
            labels = LabelMap.with(labels, bit);
        }
        return labels;
    }

    /** Read once; where there is none each option that wants it says so. */
    private LabelMap map() {
        if (read.labelMap != null) {
            return read.labelMap;
        }
        LabelMap.Reading reading = LabelMap.ofThisMachine();
        if (reading.complaint().isEmpty()) {
            read.labelMap = reading.map();
        } else {
            err.println("nfct_labelmap_new: " + reading.complaint());
        }
        return reading.map();
    }
}
