// SPDX-License-Identifier: Apache-2.0
/**
 * The internal cache of own flows and the external cache of the peer's. Pure.
 */
@NullMarked
package io.keepstate.cache;

import org.jspecify.annotations.NullMarked;
