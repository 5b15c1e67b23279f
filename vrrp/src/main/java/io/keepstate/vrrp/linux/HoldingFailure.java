// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;

/**
 * Something a router should hold, or let go, and could not.
 *
 * @param what the address, route or rule, in the words of ip(8)
 * @param errno why not
 */
public record HoldingFailure(String what, int errno) {
    @Override
    public String toString() {
        return what + ": " + Errno.describe(errno);
    }
}
