// SPDX-License-Identifier: Apache-2.0
/**
 * The command lines: the top command, its subcommands, and those of conntrackd and keepalived.
 */
@NullMarked
package io.keepstate.examples.cli;

import org.jspecify.annotations.NullMarked;
