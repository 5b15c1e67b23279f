// SPDX-License-Identifier: Apache-2.0
/**
 * The daemons: configuration records, logs, signals, scripts and the control socket joined to a Linux node, as {@code
 * keepstate daemon}, as conntrackd and as keepalived.
 */
@NullMarked
package io.keepstate.examples.daemon;

import org.jspecify.annotations.NullMarked;
