// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import java.io.IOException;
import java.io.PrintStream;

/** One JSON object a line. */
final class JsonLines implements LineWriter {
    private final JsonObjects json = new JsonObjects();
    private final PrintStream out;

    JsonLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void write(DumpLine line) throws IOException {
        out.append(json.text(line.all())).append('\n').flush();
    }
}
