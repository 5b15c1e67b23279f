// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

/**
 * A way through the firewalls: the addresses of the server at its end.
 *
 * @param server4 its IPv4 address
 * @param server6 its IPv6 address
 */
public record Route(String server4, String server6) {}
