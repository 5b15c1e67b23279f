// SPDX-License-Identifier: Apache-2.0

/**
 * {@code keepstate demo}: the reference setup on one machine, real traffic through it, a real power loss.
 *
 * <p>{@link io.keepstate.examples.demo.Launcher} starts a second JVM inside namespaces of its own; there
 * {@link io.keepstate.examples.demo.DemoRun} follows the script of the demo on the {@code lab} (machines, cables,
 * firewalls) and the {@code traffic} (sessions), {@link io.keepstate.examples.demo.Judge} decides which sessions are
 * alive, and {@link io.keepstate.examples.demo.Report} says so.
 */
@NullMarked
package io.keepstate.examples.demo;

import org.jspecify.annotations.NullMarked;
