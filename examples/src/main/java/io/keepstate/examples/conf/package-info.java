// SPDX-License-Identifier: Apache-2.0
/**
 * What the readers of keepalived's and conntrackd's configuration share: the lexer, the directive tables, the findings.
 */
@NullMarked
package io.keepstate.examples.conf;

import org.jspecify.annotations.NullMarked;
