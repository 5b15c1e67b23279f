// SPDX-License-Identifier: Apache-2.0
/** What the dedicated links need to decide, without the links: which one is in use, and how a stream becomes messages. */
@NullMarked
package io.keepstate.ftfw.link;

import org.jspecify.annotations.NullMarked;
