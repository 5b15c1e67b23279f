// SPDX-License-Identifier: Apache-2.0
/**
 * VRRP scenarios: scripts of configuration, timed events and expectations that real state machines play on virtual time.
 * The language is docs/vrrp-scenario.md.
 */
@NullMarked
package io.keepstate.testkit.scenario;

import org.jspecify.annotations.NullMarked;
