// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

/**
 * A conntrackd.conf. What the file leaves out has conntrackd's own default.
 *
 * @param sync how state travels between the nodes
 * @param general everything else
 */
public record ConntrackdConfig(SyncConfig sync, GeneralConfig general) {}
