// SPDX-License-Identifier: Apache-2.0
/** The dedicated links that carry a session's messages. The only package of this module that does I/O. */
@NullMarked
package io.keepstate.ftfw.channel;

import org.jspecify.annotations.NullMarked;
