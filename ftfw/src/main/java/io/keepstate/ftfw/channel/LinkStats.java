// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.link.LinkState;

/**
 * One of the links in numbers: what {@code conntrackd -s link} shows.
 *
 * @param device its interface, empty if none is configured
 * @param state what the interface can do, as last looked at
 * @param current whether it carries what is sent
 * @param traffic its counters
 */
public record LinkStats(String device, LinkState state, boolean current, ChannelStats traffic) {}
