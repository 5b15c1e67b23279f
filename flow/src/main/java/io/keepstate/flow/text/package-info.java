// SPDX-License-Identifier: Apache-2.0
/**
 * Flows and expectations as text: the forms conntrackd and conntrack print, octet for octet, since scripts read them;
 * and JSON.
 */
@NullMarked
package io.keepstate.flow.text;

import org.jspecify.annotations.NullMarked;
