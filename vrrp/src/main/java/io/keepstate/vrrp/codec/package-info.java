// SPDX-License-Identifier: Apache-2.0
/**
 * VRRP on the wire: advertisements of version 2 (RFC 3768) and version 3 (RFC 9568), and the announcements that follow
 * an election (gratuitous ARP, RFC 5227; unsolicited neighbour advertisement, RFC 4861). Pure: octets in, values out.
 */
@NullMarked
package io.keepstate.vrrp.codec;

import org.jspecify.annotations.NullMarked;
