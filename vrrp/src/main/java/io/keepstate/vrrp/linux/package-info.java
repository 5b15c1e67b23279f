// SPDX-License-Identifier: Apache-2.0
/**
 * VRRP on a Linux host: raw sockets for protocol 112, announcements through packet sockets, virtual addresses through
 * rtnetlink, and the state of interfaces. All I/O of this module is here.
 */
@NullMarked
package io.keepstate.vrrp.linux;

import org.jspecify.annotations.NullMarked;
