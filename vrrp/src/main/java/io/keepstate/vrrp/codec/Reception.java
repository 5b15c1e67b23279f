// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/**
 * The outcome of receiving a packet for one virtual router: an advertisement that passed every check, or why it did
 * not.
 */
public sealed interface Reception permits Heard, RejectReason {}
