// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.lab.LabException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the launcher of the distribution this class was loaded from. */
final class Distribution {
    private Distribution() {}

    /** {@code bin/keepstate}, from {@code lib/*.jar} beside it or from the build's {@code target/classes}. */
    static Path launcher() {
        try {
            Path code = Path.of(Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path target = code.resolveSibling("keepstate");
            Path home = Files.isDirectory(code) ? target : code.resolve("../..").normalize();
            return home.resolve("bin/keepstate");
        } catch (URISyntaxException impossible) {
            throw new LabException("the place of the distribution has no path", impossible);
        }
    }
}
