// SPDX-License-Identifier: Apache-2.0
/**
 * What a state message of conntrackd carries about a flow or an expectation, as octets: the attributes after the
 * message header, by release of the peer ({@link io.keepstate.flow.wire.WireProfile}). Pure; knows nothing of sequence
 * numbers or sockets.
 */
@NullMarked
package io.keepstate.flow.wire;

import org.jspecify.annotations.NullMarked;
