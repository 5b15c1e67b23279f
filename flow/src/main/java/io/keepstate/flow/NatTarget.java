// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import org.jspecify.annotations.Nullable;

/**
 * What one end of a flow is translated to: an address, a port, or both.
 *
 * @param address the translated address; null when only the port changes
 * @param port the translated port, 1..65535; 0 when the port stays
 */
public record NatTarget(@Nullable IpAddress address, int port) {}
