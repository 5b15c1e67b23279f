// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

/**
 * What was put straight into the kernel ({@code DisableExternalCache}): the block {@code external inject:} of {@code
 * conntrackd -s}.
 *
 * @param created flows announced as new that the kernel took
 * @param createFailed those that it did not take
 * @param updated flows announced as updated that the kernel took
 * @param updateFailed those that it did not take
 * @param destroyed flows deleted
 * @param destroyFailed flows that could not be deleted
 */
public record InjectionSnapshot(
        long created, long createFailed, long updated, long updateFailed, long destroyed, long destroyFailed) {}
