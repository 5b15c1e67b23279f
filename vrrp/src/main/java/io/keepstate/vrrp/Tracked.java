// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.Locale;

/**
 * Something outside a virtual router whose health counts for it: one thing, however many routers track it.
 *
 * @param kind what kind of thing
 * @param name the interface, or the name that the script, file or process was configured under
 */
public record Tracked(Kind kind, String name) {

    /** The kinds of things that can be tracked. */
    public enum Kind {
        /** Up means: administratively up and running (IFF_UP, IFF_RUNNING). */
        INTERFACE,
        /** Up means: its last runs ended with exit code 0. */
        SCRIPT,
        /** Has a number, not an up and down. */
        FILE,
        /** Up means: as many processes run as the quorum asks for. */
        PROCESS,
        /** Up means: all static entries of the group are there ({@link StaticEntries}). */
        TRACK_GROUP
    }

    /** Refuses a thing without a name. */
    public Tracked {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a tracked " + kind.name().toLowerCase(Locale.ROOT) + " needs a name");
        }
    }

    /** Whether things of this kind are defined in {@link TrackedObjects}. */
    public boolean isObject() {
        return kind == Kind.SCRIPT || kind == Kind.FILE || kind == Kind.PROCESS;
    }

    /** An interface. */
    public static Tracked networkInterface(String name) {
        return new Tracked(Kind.INTERFACE, name);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
