// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/**
 * An advertisement that passed every check of its virtual router.
 *
 * @param advertisement what was said
 * @param source the address it came from: the primary address of the sender
 */
public record Heard(Advertisement advertisement, IpAddress source) implements Reception {}
