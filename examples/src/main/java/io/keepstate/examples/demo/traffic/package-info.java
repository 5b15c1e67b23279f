// SPDX-License-Identifier: Apache-2.0

/** The sessions through the firewalls: what the client and the server send, and the check of every octet. */
@NullMarked
package io.keepstate.examples.demo.traffic;

import org.jspecify.annotations.NullMarked;
