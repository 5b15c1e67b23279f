// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.own;

import io.keepstate.flow.wire.WireProfile;
import io.keepstate.vrrp.LegResignation;
import io.keepstate.vrrp.SyncGroupRules;
import java.util.Optional;

/**
 * What our own file says; nothing of it is needed.
 *
 * @param controlGroup whose members may use the control socket beside root
 * @param peerProfile what the peer's release of conntrackd understands and its machine's byte order, if it is not the
 *     newest on a little-endian one
 * @param onLinkSource whether virtual routers hear only what comes from an address of their link
 * @param legResignation what a resignation on one leg of a sync group says about the others
 */
public record OwnConfig(
        Optional<String> controlGroup,
        Optional<WireProfile> peerProfile,
        boolean onLinkSource,
        LegResignation legResignation) {
    /** Without a file. */
    public static final OwnConfig DEFAULT =
            new OwnConfig(Optional.empty(), Optional.empty(), false, SyncGroupRules.DEFAULT.resignation());
}
