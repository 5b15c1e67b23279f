// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;

/** Told what tracked scripts, files and processes say now. */
@FunctionalInterface
public interface TrackListener {
    /** What is known of this thing now; only told when it differs from what was told before. */
    void onTracked(Tracked what, TrackValue value);
}
