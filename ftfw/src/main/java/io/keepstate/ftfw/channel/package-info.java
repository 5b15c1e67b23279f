// SPDX-License-Identifier: Apache-2.0
/** The links that carry a session's datagrams. The only package of this module that does I/O. */
@NullMarked
package io.keepstate.ftfw.channel;

import org.jspecify.annotations.NullMarked;
