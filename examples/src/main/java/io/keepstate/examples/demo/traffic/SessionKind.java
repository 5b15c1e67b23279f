// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

/** What a TCP session does. The ordinal is its mark on the wire. */
public enum SessionKind {
    /** The server sends without being asked: after a takeover the first segment comes from the WAN. */
    DOWNLOAD,
    /** The client sends, the server returns it: the first segment comes from the LAN. */
    ECHO,
    /** Nothing moves until it is asked for one echo. */
    IDLE
}
