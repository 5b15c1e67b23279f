// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

/**
 * What came from the kernel.
 *
 * @param events received
 * @param filtered of these, those that did not pass the filter
 * @param overruns times events were lost
 * @param dumps tables read completely
 * @param dumpFailures dumps that did not end well
 * @param flushes of the kernel's table
 * @param bulks internal caches sent to the peer completely
 * @param resyncRequests times this node asked the peer for everything
 * @param sweptExternal entries of the external cache that the peer did not renew after a resync
 * @param differences flows and changes that no event told, only a table read again
 * @param leftToEvents flows of dumps that events told of meanwhile, and better
 * @param eventsForgotten events during dumps that were too many to be remembered
 */
public record KernelSnapshot(
        long events,
        long filtered,
        long overruns,
        long dumps,
        long dumpFailures,
        long flushes,
        long bulks,
        long resyncRequests,
        long sweptExternal,
        long differences,
        long leftToEvents,
        long eventsForgotten) {}
