// SPDX-License-Identifier: Apache-2.0
/**
 * Reader of conntrackd.conf: text in, immutable records and findings out. Pure.
 */
@NullMarked
package io.keepstate.examples.conf.conntrackd;

import org.jspecify.annotations.NullMarked;
