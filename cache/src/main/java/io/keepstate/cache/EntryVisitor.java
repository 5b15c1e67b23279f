// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/** Takes the entries of a dump, one at a time. */
@FunctionalInterface
public interface EntryVisitor {
    /** One entry. May change the cache. */
    void visit(CacheEntry entry);
}
