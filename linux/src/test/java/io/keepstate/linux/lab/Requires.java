// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.lab;

import io.keepstate.linux.process.Capabilities;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What a kernel test needs; where it is missing the test is skipped with one line that says what. */
public final class Requires {
    private static final String EXTRA_PATH = "/usr/local/sbin:/usr/sbin:/sbin";

    private Requires() {}

    /** Root, or root of a user namespace, who may make network namespaces. */
    public static void root() {
        boolean able = Capabilities.read().has(Capabilities.CAP_SYS_ADMIN)
                && Capabilities.read().netAdmin();
        Assumptions.assumeTrue(able, "needs root: network namespaces, CAP_SYS_ADMIN and CAP_NET_ADMIN");
    }

    /** A kernel of at least this version. */
    public static void kernel(int major, int minor) {
        String release = System.getProperty("os.version", "0.0");
        Assumptions.assumeTrue(
                isAtLeast(release, major, minor),
                "needs Linux " + major + "." + minor + " or later, this is " + release);
    }

    static boolean isAtLeast(String release, int major, int minor) {
        String[] parts = release.split("[^0-9]+", 3);
        int actualMajor = Integer.parseInt(parts[0]);
        int actualMinor = parts.length > 1 && !parts[1].isEmpty() ? Integer.parseInt(parts[1]) : 0;
        return actualMajor > major || actualMajor == major && actualMinor >= minor;
    }

    /** A program on the PATH or in the system directories. */
    public static void program(String name) {
        Assumptions.assumeTrue(find(name).isPresent(), "needs the program " + name);
    }

    /** Where a program is, if it is installed. */
    public static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + File.pathSeparator + EXTRA_PATH;
        return Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
