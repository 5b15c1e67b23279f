// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.OptionalInt;

/**
 * A file with a number in it (keepalived: vrrp_track_file). The number times the weight is added to the priority of each
 * router that tracks it. A file that does not exist, or holds nothing that begins with a number, counts as 0.
 *
 * @param name how routers refer to it
 * @param path the file, absolute
 * @param initialValue what to write into it at start if it does not exist; absent to leave it alone
 * @param overwrite whether the initial value is written even if the file exists
 */
public record TrackedFile(String name, String path, OptionalInt initialValue, boolean overwrite) {

    /** Refuses a file that cannot be found again. */
    public TrackedFile {
        TrackedObjects.check(!name.isEmpty(), "a tracked file needs a name");
        TrackedObjects.check(
                path.startsWith("/") && !path.endsWith("/"),
                "tracked file " + name + ": '" + path + "' must be the absolute path of a file");
    }

    /** A file that somebody else makes. */
    public static TrackedFile of(String name, String path) {
        return new TrackedFile(name, path, OptionalInt.empty(), false);
    }
}
