// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwaitedScriptTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void itHasEndedWhenTheCallReturnsAndSaysWhetherAllWentWell() throws Exception {
        Path log = directory.resolve("log");
        assertThat(AwaitedScript.run(shell("echo done > " + log), NotifySettings.NONE, PATIENCE))
                .isTrue();
        assertThat(Files.readString(log)).isEqualTo("done\n");
        assertThat(AwaitedScript.run(shell("exit 3"), NotifySettings.NONE, PATIENCE))
                .isFalse();
        assertThat(AwaitedScript.run(Script.of(List.of("/nonexistent/script")), NotifySettings.NONE, PATIENCE))
                .isFalse();
    }

    @Test
    void oneThatTakesTooLongIsKilledWithItsChildren() throws Exception {
        Path pid = directory.resolve("pid");
        Script hangs =
                shell("trap '' TERM; sleep 600 & echo $! > " + pid + ".new; mv " + pid + ".new " + pid + "; wait");
        assertThat(AwaitedScript.run(hangs, NotifySettings.NONE, Duration.ofSeconds(1)))
                .isFalse();
        if (Files.exists(pid)) {
            long child = Long.parseLong(Files.readString(pid).strip());
            ProcessHandle.of(child)
                    .ifPresent(handle ->
                            handle.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        }
    }

    private static Script shell(String command) {
        return Script.of(List.of("/bin/sh", "-c", command));
    }
}
