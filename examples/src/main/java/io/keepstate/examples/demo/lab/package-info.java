// SPDX-License-Identifier: Apache-2.0

/**
 * The reference setup in namespaces: a client, a server, two firewalls, and the cables between them. Machines are
 * process trees in network, mount and process namespaces of their own, so switching one off leaves nothing of it.
 */
@NullMarked
package io.keepstate.examples.demo.lab;

import org.jspecify.annotations.NullMarked;
