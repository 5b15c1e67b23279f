// SPDX-License-Identifier: Apache-2.0
/**
 * ctnetlink messages to and from {@link io.keepstate.flow.Flow} and {@link io.keepstate.flow.Expectation}: pure
 * functions over buffers, no socket.
 *
 * <p>{@link io.keepstate.conntrack.codec.ConntrackDecoder} walks what the kernel sends,
 * {@link io.keepstate.conntrack.codec.ConntrackEncoder} and
 * {@link io.keepstate.conntrack.codec.ExpectationEncoder} write requests. Netlink headers and attribute headers are in
 * host order, which Keepstate fixes to little endian; attribute values are in network order.
 */
@NullMarked
package io.keepstate.conntrack.codec;

import org.jspecify.annotations.NullMarked;
