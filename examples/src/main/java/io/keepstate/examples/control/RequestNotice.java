// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.util.List;

/** What conntrackd writes into its log when it is asked for something; scripts look for these lines. Pure. */
public final class RequestNotice {
    private static final String FLUSH_FLOWS = "flushing kernel conntrack table";
    private static final String FLUSH_EXPECTATIONS = "flushing kernel expect table";
    private static final String RESYNC_FLOWS = "resync with master conntrack table";
    private static final String RESYNC_EXPECTATIONS = "resync with master expect table";

    private RequestNotice() {}

    /**
     * The lines, none for a question.
     *
     * @param expectations whether expectations are synchronised, too
     * @param purgeSeconds PurgeTimeout
     */
    public static List<String> of(ControlRequest request, boolean expectations, long purgeSeconds) {
        return switch (request) {
            case COMMIT -> List.of("committing all external caches");
            case COMMIT_FLOWS -> List.of("committing conntrack cache");
            case COMMIT_EXPECTATIONS -> expectations ? List.of("committing expectation cache") : List.of();
            case FLUSH_CACHES, FLUSH_FLOW_CACHES -> List.of("flushing caches");
            case FLUSH_INTERNAL -> List.of("flushing internal cache");
            case FLUSH_EXTERNAL -> List.of("flushing external cache");
            case FLUSH_KERNEL_FLOWS -> List.of(FLUSH_FLOWS);
            case FLUSH_KERNEL_EXPECTATIONS -> expectations ? List.of(FLUSH_EXPECTATIONS) : List.of();
            case FLUSH_KERNEL -> expectations ? List.of(FLUSH_FLOWS, FLUSH_EXPECTATIONS) : List.of(FLUSH_FLOWS);
            case RESYNC_KERNEL_FLOWS -> List.of(RESYNC_FLOWS);
            case RESYNC_KERNEL_EXPECTATIONS -> expectations ? List.of(RESYNC_EXPECTATIONS) : List.of();
            case RESYNC_KERNEL -> expectations ? List.of(RESYNC_FLOWS, RESYNC_EXPECTATIONS) : List.of(RESYNC_FLOWS);
            case REQUEST_RESYNC -> List.of("resync requested");
            case RESET_TIMERS -> List.of("flushing conntrack table in " + purgeSeconds + " secs");
            default -> List.of();
        };
    }
}
