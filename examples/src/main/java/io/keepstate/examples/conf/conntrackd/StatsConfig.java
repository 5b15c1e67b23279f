// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import java.util.Optional;

/**
 * The {@code Stats} block: flows are counted, and told when they end; nothing is synchronised.
 *
 * @param logFile file that gets a line for each flow that ended, empty when off
 * @param syslog facility that gets the same lines, empty when off
 */
public record StatsConfig(Optional<String> logFile, Optional<SyslogFacility> syslog) {}
