// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The {@code primary-backup.sh} of Debian's conntrackd package, by which keepalived steers conntrackd. Where
 * documentation is not installed it is taken from the package, once, into the distribution's {@code cache} directory.
 */
public final class SteeringScript {
    private static final String IN_PACKAGE = "usr/share/doc/conntrackd/examples/sync/primary-backup.sh";
    private static final Path INSTALLED = Path.of("/" + IN_PACKAGE);

    private SteeringScript() {}

    /**
     * Where it is, once {@link #fetch} was called.
     *
     * @param launcher {@code bin/keepstate} of the distribution
     */
    public static Path path(Path launcher) {
        return Files.isReadable(INSTALLED) ? INSTALLED : directory(launcher).resolve(IN_PACKAGE);
    }

    /**
     * Makes sure that it is there.
     *
     * @param launcher {@code bin/keepstate} of the distribution
     */
    public static void fetch(Path launcher) {
        if (Files.isReadable(path(launcher))) {
            return;
        }
        Path directory = directory(launcher);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new LabException("cannot make the directory " + directory + ": " + e.getMessage(), e);
        }
        Program.run(
                "cd '" + directory + "' && apt-get download conntrackd && dpkg -x conntrackd_*.deb . && rm -f *.deb",
                List.of("sh", "-s"));
        if (!Files.isReadable(path(launcher))) {
            throw new LabException("the package conntrackd of this system has no " + IN_PACKAGE
                    + ": install Debian's conntrackd with its documentation");
        }
    }

    private static Path directory(Path launcher) {
        return launcher.resolveSibling("../cache").normalize();
    }
}
