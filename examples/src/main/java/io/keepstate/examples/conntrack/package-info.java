// SPDX-License-Identifier: Apache-2.0
/**
 * conntrack(8) by Keepstate: the same command line, output and exit codes, over {@code io.keepstate.conntrack}.
 *
 * <p>{@link io.keepstate.examples.conntrack.ConntrackCommand} runs a command line;
 * {@link io.keepstate.examples.conntrack.ArgumentParser} reads it with the rules of
 * {@link io.keepstate.examples.conntrack.Verb} and {@link io.keepstate.examples.conntrack.ProtocolOptions}.
 */
@NullMarked
package io.keepstate.examples.conntrack;

import org.jspecify.annotations.NullMarked;
