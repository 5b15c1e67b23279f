// SPDX-License-Identifier: Apache-2.0
/**
 * A node on a real kernel: {@link io.keepstate.node.linux.LinuxNode} opens the sockets, runs the two loops, and puts an
 * adapter behind each port of {@code io.keepstate.node.port}. The only part of the module that does I/O.
 */
@NullMarked
package io.keepstate.node.linux;

import org.jspecify.annotations.NullMarked;
