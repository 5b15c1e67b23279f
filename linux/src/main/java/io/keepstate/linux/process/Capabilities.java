// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The effective capabilities of the calling thread, as of when they were read.
 *
 * <p>Source: capabilities(7), {@code include/uapi/linux/capability.h}, CapEff of proc(5).
 *
 * @param effective one bit per capability
 * @param userNamespace whether they count only in a user namespace that is not the machine's first: then limits such as
 *     rmem_max and real-time priority stay
 */
public record Capabilities(long effective, boolean userNamespace) {
    public static final int CAP_NET_ADMIN = 12;
    public static final int CAP_NET_RAW = 13;
    public static final int CAP_IPC_LOCK = 14;
    public static final int CAP_SYS_ADMIN = 21;
    public static final int CAP_SYS_NICE = 23;

    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final Path UID_MAP = Path.of("/proc/self/uid_map");

    /** Reads those of the calling thread. */
    public static Capabilities read() {
        try {
            return of(Files.readAllLines(STATUS), Files.readString(UID_MAP));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STATUS + " (is /proc mounted?)", e);
        }
    }

    static Capabilities of(List<String> status, String uidMap) {
        for (String line : status) {
            if (line.startsWith("CapEff:")) {
                long bits = Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).trim(), 16);
                return new Capabilities(bits, !isWholeRange(uidMap));
            }
        }
        throw new IllegalArgumentException("no line CapEff in the status of the process");
    }

    /** The first user namespace maps every user to itself: {@code 0 0 4294967295}. */
    private static boolean isWholeRange(String uidMap) {
        return uidMap.trim().split("\\s+").length == 3 && uidMap.trim().endsWith(" 4294967295");
    }

    public boolean has(int capability) {
        return (effective >>> capability & 1) != 0;
    }

    /** Addresses, links, routes, conntrack. */
    public boolean netAdmin() {
        return has(CAP_NET_ADMIN);
    }

    /** Raw and packet sockets. */
    public boolean netRaw() {
        return has(CAP_NET_RAW);
    }
}
