// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/** The outcome of decoding octets on their own: an advertisement, or why it is none. */
public sealed interface Decoded permits Advertisement, RejectReason {}
