// SPDX-License-Identifier: Apache-2.0
/**
 * From keepalived's files to one run of words: comments, included files, conditions, parameters, sequences, quotes.
 */
@NullMarked
package io.keepstate.examples.conf.keepalived.lines;

import org.jspecify.annotations.NullMarked;
