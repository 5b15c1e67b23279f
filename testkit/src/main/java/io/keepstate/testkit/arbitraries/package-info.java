// SPDX-License-Identifier: Apache-2.0
/** jqwik arbitraries of the values that flow through a node. */
@NullMarked
package io.keepstate.testkit.arbitraries;

import org.jspecify.annotations.NullMarked;
