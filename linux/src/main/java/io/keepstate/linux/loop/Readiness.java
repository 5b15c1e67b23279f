// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

/** What a descriptor is ready for: the bits of epoll_ctl(2). */
public final class Readiness {
    public static final int READ = 0x001;
    public static final int WRITE = 0x004;
    /** Always reported. */
    public static final int ERROR = 0x008;
    /** Always reported: the other side is gone. */
    public static final int HANGUP = 0x010;

    private Readiness() {}
}
