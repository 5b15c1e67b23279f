// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

/** Serves the requests of the control socket, on the thread that runs the {@link ControlServer}. */
@FunctionalInterface
public interface ControlHandler {
    /** Serves one request; the connection ends when all that was given to {@code out} is written. */
    void handle(ControlRequest request, Output out);

    /** The reply to one request. */
    interface Output {
        /** Adds text to the reply. */
        void text(CharSequence text);

        /** Adds a long text, which is produced as fast as the client reads it. */
        void stream(ChunkedOutput chunks);

        /**
         * Keeps the client waiting, and with it the script that called it, until the work it asked for is done.
         *
         * @return to be run once when the work is done, on the server's thread; later runs do nothing
         */
        Runnable hold();

        /** Keeps the client waiting until {@link ControlServer#farewell}: the daemon has closed everything then. */
        void holdToTheEnd();

        /** Replies with nothing and counts the request as {@link ControlEvent#UNSERVED_REQUEST}. */
        void unserved();
    }
}
