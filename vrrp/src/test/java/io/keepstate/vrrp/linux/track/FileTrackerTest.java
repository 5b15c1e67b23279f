// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.TrackedFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTrackerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void aPipeThatNobodyWritesCountsAsZeroAndIsNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        List<TrackValue> told = new ArrayList<>();
        FileTracker tracker = new FileTracker(TrackedFile.of("load", pipe.toString()), told::add);
        assertTimeoutPreemptively(PATIENCE, tracker::start);
        assertThat(told).containsExactly(TrackValue.number(0));
    }
}
