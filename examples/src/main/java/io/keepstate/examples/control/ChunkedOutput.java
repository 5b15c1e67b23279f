// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

/** A text that is too long to be held in memory: it is asked for page after page. */
@FunctionalInterface
public interface ChunkedOutput extends AutoCloseable {
    /**
     * Appends the next page, some kilobytes.
     *
     * @return whether there is more
     */
    boolean appendPage(StringBuilder page);

    /** The end, reached or not: frees what the text is made from. */
    @Override
    default void close() {}
}
