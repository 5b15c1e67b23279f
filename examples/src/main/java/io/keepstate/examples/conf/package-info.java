// SPDX-License-Identifier: Apache-2.0
/**
 * What the readers of keepalived's and conntrackd's configuration share: tokens, directive tables, findings.
 */
@NullMarked
package io.keepstate.examples.conf;

import org.jspecify.annotations.NullMarked;
