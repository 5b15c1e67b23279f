// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: the top command, its subcommands, and the short-lived conntrackd client.
 */
@NullMarked
package io.keepstate.examples.cli;

import org.jspecify.annotations.NullMarked;
