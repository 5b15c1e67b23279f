// SPDX-License-Identifier: Apache-2.0
/**
 * Flows as text: the forms conntrackd and conntrack print, octet for octet, since scripts read them.
 */
@NullMarked
package io.keepstate.flow.text;

import org.jspecify.annotations.NullMarked;
