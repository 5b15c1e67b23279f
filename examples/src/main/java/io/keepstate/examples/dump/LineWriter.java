// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import java.io.IOException;

/** Prints lines in one of the two forms. */
interface LineWriter {
    /** Prints one line, and hands it on at once. */
    void write(DumpLine line) throws IOException;
}
