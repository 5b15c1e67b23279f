// SPDX-License-Identifier: Apache-2.0
/**
 * What keepalived writes when a signal asks for it: data, statistics and JSON, in its own forms.
 */
@NullMarked
package io.keepstate.examples.status;

import org.jspecify.annotations.NullMarked;
