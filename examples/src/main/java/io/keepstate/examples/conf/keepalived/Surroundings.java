// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.util.OptionalInt;

/** The machine a configuration is for, as far as the configuration can be checked against it. */
public interface Surroundings {

    /** What a script's file is like. */
    enum ScriptFile {
        /** There is no such file. */
        MISSING,
        /** It is no file that can be run. */
        NOT_EXECUTABLE,
        /** Somebody else than root could change what is run. */
        INSECURE,
        /** It can be run, and only root can change it. */
        GOOD
    }

    /** Whether there is an interface of that name. */
    boolean hasInterface(String name);

    /** How many octets of IP a frame of the interface carries; empty if there is no such interface (now). */
    default OptionalInt mtu(String name) {
        return OptionalInt.empty();
    }

    /** Whether there is a user of that name. */
    boolean hasUser(String name);

    /** What the program of a script line is like. */
    ScriptFile script(String program);
}
