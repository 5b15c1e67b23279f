// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.util.Optional;

/**
 * Whom a script runs as.
 *
 * @param user name of the user
 * @param group name of the group; the user's own without one
 */
public record RunAs(String user, Optional<String> group) {}
