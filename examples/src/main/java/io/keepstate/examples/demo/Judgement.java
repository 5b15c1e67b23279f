// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import java.util.Map;

/**
 * How the TCP sessions came through one change of role.
 *
 * @param total sessions
 * @param alive sessions that moved enough checked content through the new active node
 * @param reset sessions that were reset, or RST segments seen if that is more
 * @param longestStallMillis the longest time a download or echo was without content
 * @param reasons why sessions are not alive, with how many
 */
record Judgement(int total, int alive, long reset, long longestStallMillis, Map<String, Integer> reasons) {
    Judgement {
        reasons = Map.copyOf(reasons);
    }

    /** Whether all sessions live and none was reset. */
    boolean flawless() {
        return alive == total && reset == 0;
    }
}
