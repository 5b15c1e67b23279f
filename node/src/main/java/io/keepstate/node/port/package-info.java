// SPDX-License-Identifier: Apache-2.0
/**
 * Everything a node needs from the outside, as small interfaces: the kernel's connection table, addresses,
 * announcements, datagrams. {@code node.linux} implements them over sockets, a simulation over memory. All but
 * {@link io.keepstate.node.port.AdvertSink}, which is the VRRP loop's, and {@link io.keepstate.node.port.Waker} are called
 * on the sync loop and answer there, at once or later.
 */
@NullMarked
package io.keepstate.node.port;

import org.jspecify.annotations.NullMarked;
