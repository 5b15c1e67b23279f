// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

/**
 * A limit was hit, for the first time or once more after a while; counters tell how often.
 *
 * @param limit what is full
 * @param consequence what is lost or refused now, and which setting would help
 */
public record LimitReached(String limit, String consequence) implements NodeEvent {
    @Override
    public String text() {
        return limit + " is full: " + consequence;
    }

    @Override
    public boolean isWarning() {
        return true;
    }
}
