// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What systemd hears, on a socket of the test's own. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServiceManagerTest {
    @TempDir
    Path directory;

    @Test
    void statesArriveOneDatagramEach() throws Exception {
        File socket = directory.resolve("notify").toFile();
        assertThat(told(socket, socket.getPath()))
                .containsExactly(
                        "READY=1\nMAINPID=" + ProcessHandle.current().pid() + "\nSTATUS=replicating",
                        "WATCHDOG=1",
                        "STOPPING=1\nSTATUS=ending");
    }

    @Test
    void aNameInTheAbstractNamespaceIsKnownByItsAt() throws Exception {
        String name = "keepstate-test-" + ProcessHandle.current().pid();
        assertThat(told(new File('\0' + name), "@" + name)).hasSize(3);
    }

    private static String[] told(File bound, String named) throws Exception {
        try (UnixDatagramChannel receiver = UnixDatagramChannel.open();
                ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", named))) {
            receiver.bind(new UnixSocketAddress(bound));
            manager.ready("replicating");
            manager.alive();
            manager.stopping();
            String[] heard = new String[3];
            for (int i = 0; i < heard.length; i++) {
                ByteBuffer datagram = ByteBuffer.allocate(200);
                receiver.receive(datagram);
                heard[i] = new String(datagram.array(), 0, datagram.position(), StandardCharsets.UTF_8);
            }
            return heard;
        }
    }

    @Test
    void withoutOneNothingIsSaidAndNothingFails() throws Exception {
        for (Map<String, String> environment : List.of(
                Map.<String, String>of(),
                Map.of("NOTIFY_SOCKET", ""),
                Map.of("NOTIFY_SOCKET", "relative"),
                Map.of("NOTIFY_SOCKET", directory.resolve("nobody").toString()))) {
            try (ServiceManager manager = ServiceManager.of(environment)) {
                manager.ready("x");
                assertThat(manager.watchdog()).isEmpty();
            }
        }
    }

    @Test
    void theWatchdogIsOursOnlyIfItSaysSo() {
        String pid = Long.toString(ProcessHandle.current().pid());
        Map<String, String> ours = Map.of("NOTIFY_SOCKET", "/nobody", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", pid);
        assertThat(ServiceManager.of(ours).watchdog()).contains(Duration.ofSeconds(30));
        Map<String, String> another =
                Map.of("NOTIFY_SOCKET", "/nobody", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "1");
        assertThat(ServiceManager.of(another).watchdog()).isEmpty();
        assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", "/nobody", "WATCHDOG_USEC", "soon"))
                        .watchdog())
                .isEmpty();
    }

    @Test
    void aDaemonWhoseLoopsStandStillIsNotSaidToLive() throws Exception {
        File socket = directory.resolve("notify").toFile();
        try (UnixDatagramChannel receiver = UnixDatagramChannel.open()) {
            receiver.bind(new UnixSocketAddress(socket));
            CountDownLatch asked = new CountDownLatch(3);
            boolean[] alive = {false};
            try (ServiceManager manager =
                            ServiceManager.of(Map.of("NOTIFY_SOCKET", socket.getPath(), "WATCHDOG_USEC", "2000"));
                    AutoCloseable watchdog = Watchdog.start(manager, () -> {
                        asked.countDown();
                        return alive[0];
                    })) {
                assertThat(watchdog).isNotNull();
                asked.await();
                manager.status("last");
            }
            ByteBuffer first = ByteBuffer.allocate(64);
            receiver.receive(first);
            assertThat(new String(first.array(), 0, first.position(), StandardCharsets.UTF_8))
                    .isEqualTo("STATUS=last");
        }
    }
}
