// SPDX-License-Identifier: Apache-2.0
/**
 * Links, addresses, routes and rules through rtnetlink: reading, changing and watching them.
 *
 * <p>Addresses are {@link java.net.InetAddress} here: none of this is on a packet path.
 */
@NullMarked
package io.keepstate.linux.route;

import org.jspecify.annotations.NullMarked;
