// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.vrrp.State;

/** keepalived's names and numbers of states. */
final class StateNames {
    private StateNames() {}

    static int number(State state) {
        return switch (state) {
            case INITIALIZE -> 0;
            case BACKUP -> 1;
            case ACTIVE -> 2;
            case FAULT -> 3;
        };
    }

    static String name(State state) {
        return switch (state) {
            case INITIALIZE -> "INIT";
            case BACKUP -> "BACKUP";
            case ACTIVE -> "MASTER";
            case FAULT -> "FAULT";
        };
    }
}
