// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.route.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkNamespaceKernelIT {
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    @BeforeEach
    void requireRoot() {
        Requires.root();
    }

    private static String identity(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void namespaceIsAnotherAndTheCallerStaysWhereItWas() {
        String before = identity(OWN);
        try (NetworkNamespace namespace = NetworkNamespace.create("test")) {
            assertThat(namespace.get(() -> identity(OWN))).isNotEqualTo(before).isEqualTo(identity(namespace.path()));
            assertThat(identity(OWN)).isEqualTo(before);
        }
    }

    @Test
    void newNamespaceHasOnlyALoopbackThatIsDown() {
        try (NetworkNamespace namespace = NetworkNamespace.create("test");
                Rtnetlink rtnetlink = namespace.get(Rtnetlink::open)) {
            assertThat(rtnetlink.links()).singleElement().satisfies(link -> {
                assertThat(link.isLoopback()).isTrue();
                assertThat(link.isUp()).isFalse();
            });
        }
    }

    @Test
    void threadsAndProcessesStartedInsideInheritIt() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create("test")) {
            String inside = namespace.get(() -> identity(OWN));
            CompletableFuture<String> ofThread = new CompletableFuture<>();
            namespace.run(() -> new Thread(() -> ofThread.complete(identity(OWN))).start());
            assertThat(ofThread.join()).isEqualTo(inside);
            Process process = namespace.call(() -> new ProcessBuilder("readlink", "/proc/self/ns/net").start());
            assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualToIgnoringNewLines(inside);
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void threadMadeByTheNamespaceEntersByItself() throws InterruptedException {
        try (NetworkNamespace namespace = NetworkNamespace.create("test")) {
            CompletableFuture<String> seen = new CompletableFuture<>();
            Thread thread = namespace.newThread("inside", () -> seen.complete(identity(OWN)));
            thread.start();
            thread.join();
            assertThat(seen.join()).isEqualTo(namespace.get(() -> identity(OWN)));
        }
    }

    @Test
    void namespaceIsOpenedByPathAndByProcess() throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.create("test")) {
            String inside = namespace.get(() -> identity(OWN));
            try (NetworkNamespace again = NetworkNamespace.open(namespace.path())) {
                assertThat(again.get(() -> identity(OWN))).isEqualTo(inside);
            }
            Process sleeper = namespace.get(() -> start("sleep", "60"));
            try (NetworkNamespace again = NetworkNamespace.ofProcess(sleeper.pid())) {
                assertThat(again.get(() -> identity(OWN))).isEqualTo(inside);
            } finally {
                sleeper.destroyForcibly();
            }
        }
        try (NetworkNamespace current = NetworkNamespace.current()) {
            assertThat(current.get(() -> identity(OWN))).isEqualTo(identity(OWN));
        }
    }

    private static Process start(String... command) {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void failuresInsideComeOutAsTheyAre() {
        try (NetworkNamespace namespace = NetworkNamespace.create("test")) {
            assertThatThrownBy(() -> namespace.call(() -> {
                        throw new IOException("checked");
                    }))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> namespace.run(() -> {
                        throw new IllegalStateException("unchecked");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(namespace.get(() -> namespace.get(() -> "nested"))).isEqualTo("nested");
        }
    }

    @Test
    void closedNamespaceSaysSoAndItsThreadIsGone() {
        NetworkNamespace namespace = NetworkNamespace.create("short-lived");
        namespace.close();
        namespace.close();
        assertThatThrownBy(() -> namespace.get(() -> "late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("short-lived");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().contains("short-lived"));
    }

    @Test
    void fileThatIsNoNamespaceSaysSo() {
        assertThatThrownBy(() -> NetworkNamespace.open(Path.of("/run/netns/no-such")))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("/run/netns/no-such");
        assertThatThrownBy(() -> NetworkNamespace.open(Path.of("/proc/self/status")))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("setns");
    }
}
