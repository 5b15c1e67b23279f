// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole JVM, since a signal to a process arrives at the descriptor only if every thread blocks it. */
@Timeout(60)
class SignalFdKernelIT {
    private static final int SIGNAL = SignalFd.SIGRTMIN + 2;

    @Test
    void signalBlockedByTheLauncherIsRead() throws IOException, InterruptedException {
        Requires.program("env");
        Process jvm = new ProcessBuilder(
                        "env",
                        "--block-signal=RTMIN+2",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reader.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = jvm.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            for (int i = 0; i < 2; i++) {
                assertThat(new ProcessBuilder("sh", "-c", "kill -" + SIGNAL + " " + jvm.pid())
                                .start()
                                .waitFor())
                        .isZero();
                assertThat(output.readLine()).isEqualTo("signal " + SIGNAL);
            }
            assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(jvm.exitValue()).isZero();
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** The program in the other JVM: prints two signals. */
    static final class Reader {
        public static void main(String[] arguments) throws InterruptedException {
            try (SignalFd signals = SignalFd.open(SIGNAL)) {
                System.out.println("ready");
                for (int seen = 0; seen < 2; ) {
                    int signal = signals.next();
                    if (signal != 0) {
                        System.out.println("signal " + signal);
                        seen++;
                    } else {
                        Thread.sleep(1);
                    }
                }
            }
        }
    }
}
