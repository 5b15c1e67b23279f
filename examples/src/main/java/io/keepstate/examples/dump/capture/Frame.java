// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump.capture;

import io.netty.buffer.ByteBuf;

/**
 * One frame of a capture.
 *
 * @param number its place in the capture, from 1
 * @param epochMicros when it was captured, microseconds since 1970-01-01 UTC
 * @param linkType what the octets begin with, as {@link LinkType} has it
 * @param octets what was captured of it
 * @param length octets it had on the wire; more than {@code octets} holds if the capture cut it off
 */
public record Frame(long number, long epochMicros, int linkType, ByteBuf octets, int length) {}
