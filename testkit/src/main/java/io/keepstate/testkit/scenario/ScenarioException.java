// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

/** A script that cannot be played. The message says where, what is wrong and what would be right. */
public final class ScenarioException extends Exception {
    private static final long serialVersionUID = 1L;

    ScenarioException(String file, int line, String what) {
        super(file + ":" + line + ": " + what);
    }
}
