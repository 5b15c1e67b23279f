// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

/**
 * Keeps the firewall from answering for flows it does not know yet, between the first address going up and the last
 * flow being committed: unknown packets are dropped, never reset.
 */
public interface Guard {
    /** No guard: the addresses wait until everything is committed. */
    Guard NONE = new Guard() {
        @Override
        public boolean present() {
            return false;
        }

        @Override
        public void on() {}

        @Override
        public void off() {}
    };

    /** Whether addresses may go up before everything is committed. */
    boolean present();

    /** Starts dropping. */
    void on();

    /** Lets everything through again. */
    void off();
}
