// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.control.ControlAccess;
import io.keepstate.examples.control.ControlClient;
import io.keepstate.examples.control.ControlRequest;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The control socket on a real epoll loop. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ControlLoopTest {
    @TempDir
    Path directory;

    @Test
    void aLongDumpAndAHeldRequestAreServedOnTheLoop() throws Exception {
        Path socket = directory.resolve("ctl");
        CompletableFuture<Runnable> held = new CompletableFuture<>();
        try (ControlLoop loop =
                ControlLoop.start(socket, ControlAccess.of(Optional.empty()), thread -> (request, out) -> {
                    if (request == ControlRequest.COMMIT) {
                        Runnable release = out.hold();
                        held.complete(() -> thread.execute(release));
                    } else {
                        int[] line = {0};
                        out.stream(page -> {
                            page.append("line ").append(line[0]).append('\n');
                            return ++line[0] < 50_000;
                        });
                    }
                })) {
            assertThat(loop.nextDeadline()).isEqualTo(Long.MAX_VALUE);
            CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(
                    () -> ask(socket, ControlRequest.COMMIT).equals(""));
            Runnable release = held.get();
            assertThat(ask(socket, ControlRequest.DUMP_INTERNAL)).hasLineCount(50_000);
            assertThat(waiting).isNotDone();
            release.run();
            assertThat(waiting.get()).isTrue();
        }
        assertThat(socket).doesNotExist();
    }

    private static String ask(Path socket, ControlRequest request) {
        try {
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            assertThat(ControlClient.request(socket, request, reply)).isTrue();
            return reply.toString(java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
