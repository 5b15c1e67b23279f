// SPDX-License-Identifier: Apache-2.0
/** The settings of our own, for which the files of the two C daemons have no place. */
@NullMarked
package io.keepstate.examples.conf.own;

import org.jspecify.annotations.NullMarked;
