// SPDX-License-Identifier: Apache-2.0
/**
 * The daemon: configuration records, logs and scripts joined to a Linux node.
 */
@NullMarked
package io.keepstate.examples.daemon;

import org.jspecify.annotations.NullMarked;
