// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

import java.nio.ByteOrder;
import java.util.Locale;

/**
 * What this module must know about the machine: structure layouts are written for 64-bit little-endian Linux.
 *
 * <p>Source: {@code include/uapi/linux/eventpoll.h} packs {@code struct epoll_event} on x86-64 only.
 */
public final class Platform {
    private static final String ARCHITECTURE = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);

    /** Octets of one {@code struct epoll_event}: 12 (packed) on x86-64, 16 elsewhere. */
    public static final int EPOLL_EVENT_BYTES = isX86() ? 12 : 16;

    /** Offset of the user data within {@code struct epoll_event}. */
    public static final int EPOLL_EVENT_DATA = isX86() ? 4 : 8;

    private Platform() {}

    /**
     * Refuses a machine whose layouts are unknown.
     *
     * @throws UnsupportedOperationException with one sentence that names the machine
     */
    static void require() {
        require(System.getProperty("os.name", ""), ARCHITECTURE, ByteOrder.nativeOrder());
    }

    static void require(String system, String architecture, ByteOrder order) {
        boolean known = architecture.equals("amd64") || architecture.equals("x86_64") || architecture.equals("aarch64");
        if (!system.equals("Linux") || !known || order != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("Keepstate's native layer runs on 64-bit little-endian Linux "
                    + "(amd64 or aarch64); this is " + system + " on " + architecture + ", " + order
                    + ". The protocol modules (codecs, state machines) work everywhere.");
        }
    }

    private static boolean isX86() {
        return ARCHITECTURE.equals("amd64") || ARCHITECTURE.equals("x86_64");
    }
}
