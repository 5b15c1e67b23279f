// SPDX-License-Identifier: Apache-2.0
/**
 * What a node is told to be: virtual routers, addresses, the sync link, filters, limits, policies. Plain
 * immutable values with checked ranges; files and their grammars are the application's business.
 */
@NullMarked
package io.keepstate.node.config;

import org.jspecify.annotations.NullMarked;
