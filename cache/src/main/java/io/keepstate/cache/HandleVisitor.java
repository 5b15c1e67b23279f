// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/** Takes handles, one at a time. */
@FunctionalInterface
public interface HandleVisitor {
    /** One entry. May change the cache. */
    void visit(long handle);
}
