// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.vrrp.TrackedProcess;

/**
 * A {@code vrrp_track_process} as it is shown.
 *
 * @param process what is tracked
 * @param weight of its definition, negative if reversed
 */
public record ProcessStatus(TrackedProcess process, int weight) {}
