// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

/** The event loop as the control server needs it: any readiness leads to {@link ControlServer#doWork}. */
public interface Descriptors {
    /** Waits for a descriptor from now on, for reading or for writing; called again when that changes. */
    void watch(int fd, boolean forWriting);

    /** Forgets a descriptor, before it is closed. */
    void forget(int fd);

    /** Whether nobody is left at the other end: who has only said all that he wanted to say still listens. */
    boolean isHungUp(int fd);
}
