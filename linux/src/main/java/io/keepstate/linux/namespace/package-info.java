// SPDX-License-Identifier: Apache-2.0
/**
 * Network namespaces: made, entered and left per thread.
 */
@NullMarked
package io.keepstate.linux.namespace;

import org.jspecify.annotations.NullMarked;
