// SPDX-License-Identifier: Apache-2.0
/**
 * Non-blocking sockets and descriptors of the kernel: netlink, UDP, TCP, raw IP, packet, eventfd, signalfd, inotify, named pipes.
 *
 * <p>Common to all: they are confined to one thread; opening failures throw
 * {@link io.keepstate.linux.libc.LinuxException} with a sentence that says what to do; a send answers the number of
 * octets or a negative error number ({@code -ENOBUFS}, {@code -EPERM} when a firewall rule drops it); a receive hands
 * each datagram to a handler as a view of the socket's own memory, valid during that call only, and allocates nothing.
 */
@NullMarked
package io.keepstate.linux.socket;

import org.jspecify.annotations.NullMarked;
