// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.sysctl;

import io.keepstate.linux.process.ProcessIdentity;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who holds an entry of the journal; written {@code PID:START:NUMBER}.
 *
 * @param process the process
 * @param number counts the journals of the process
 */
record JournalOwner(ProcessIdentity process, int number) {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** A new owner in this process. */
    static JournalOwner create() {
        return new JournalOwner(ProcessIdentity.current(), NUMBERS.incrementAndGet());
    }

    /** Reads the written form; throws IllegalArgumentException if it is none. */
    static JournalOwner parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not PID:START:NUMBER: " + text);
        }
        return new JournalOwner(
                ProcessIdentity.parse(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public String toString() {
        return process + ":" + number;
    }
}
