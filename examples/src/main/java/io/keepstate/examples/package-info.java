// SPDX-License-Identifier: Apache-2.0
/**
 * The keepstate command.
 */
@NullMarked
package io.keepstate.examples;

import org.jspecify.annotations.NullMarked;
