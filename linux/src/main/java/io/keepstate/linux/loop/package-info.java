// SPDX-License-Identifier: Apache-2.0
/**
 * One thread, one epoll instance: waits for descriptors and deadlines and runs a duty cycle.
 */
@NullMarked
package io.keepstate.linux.loop;

import org.jspecify.annotations.NullMarked;
