// SPDX-License-Identifier: Apache-2.0
/**
 * Tracks scripts, files and processes for virtual routers, on a thread of its own with normal priority: neither starting a
 * script nor reading a file may keep an election waiting. What they amount to is computed by pure classes of the module;
 * interfaces are watched by {@link io.keepstate.vrrp.linux.InterfaceWatcher}.
 */
@NullMarked
package io.keepstate.vrrp.linux.track;

import org.jspecify.annotations.NullMarked;
