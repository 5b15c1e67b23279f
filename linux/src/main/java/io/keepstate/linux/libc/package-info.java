// SPDX-License-Identifier: Apache-2.0
/**
 * The one native interface of the project, its memory, and the errors its calls report.
 */
@NullMarked
package io.keepstate.linux.libc;

import org.jspecify.annotations.NullMarked;
