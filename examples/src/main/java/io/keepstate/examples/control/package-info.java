// SPDX-License-Identifier: Apache-2.0
/**
 * The control socket of the daemon, server and client, and the texts conntrackd(8) prints.
 */
@NullMarked
package io.keepstate.examples.control;

import org.jspecify.annotations.NullMarked;
