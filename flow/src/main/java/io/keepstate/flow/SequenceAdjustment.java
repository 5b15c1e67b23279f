// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/**
 * How far one direction's TCP sequence numbers were shifted by a helper that rewrote payload
 * (struct nf_ct_seqadj). All are unsigned 32-bit numbers.
 *
 * @param position sequence number at which the last change was made
 * @param before shift before that position
 * @param after shift after it
 */
public record SequenceAdjustment(int position, int before, int after) {}
