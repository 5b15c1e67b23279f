// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/**
 * Network namespaces for one test, and all that was made in them.
 *
 * <p>Thread-safe as far as its namespaces are; {@link #close} may be called more than once.
 */
public final class Lab implements AutoCloseable {
    private static final long POLL_MILLIS = 5;

    /** Labs to close when the JVM is stopped in the middle of a test. */
    private static final Set<Lab> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Lab::close), "lab-clean-up"));
    }

    private final Map<String, LabNamespace> namespaces = new LinkedHashMap<>();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final Path directory;

    private Lab(Path directory) {
        this.directory = directory;
    }

    /** A lab without namespaces. */
    public static Lab open() {
        try {
            Lab lab = new Lab(Files.createTempDirectory("keepstate-lab"));
            OPEN.add(lab);
            return lab;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A directory for files of the test, deleted at the end. */
    public Path directory() {
        return directory;
    }

    /** The namespace of this name, made on first use: loopback up, no duplicate address detection. */
    public synchronized LabNamespace namespace(String name) {
        return namespaces.computeIfAbsent(name, key -> new LabNamespace(this, key));
    }

    /** Joins two namespaces by a cable whose ends are up. */
    public void veth(LabNamespace a, String interfaceA, LabNamespace b, String interfaceB) {
        a.createVeth(interfaceA, b, interfaceB);
        a.up(interfaceA);
        b.up(interfaceB);
        eventually(
                Duration.ofSeconds(5),
                () -> a.isReady(interfaceA) && b.isReady(interfaceB),
                "both ends of the cable " + a + " to " + b + " run and have their link-local addresses");
    }

    /** Remembers something to close before the namespaces are taken down, the latest first. */
    public synchronized <T extends AutoCloseable> T closing(T resource) {
        resources.push(resource);
        return resource;
    }

    /** Waits until a condition holds; fails, saying what was awaited, when it does not in time. */
    public static void eventually(Duration within, BooleanSupplier condition, String description) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                Assertions.fail("not within " + within.toMillis() + " ms: " + description);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Assertions.fail("interrupted while waiting");
        }
    }

    synchronized void forget(LabNamespace namespace) {
        namespaces.values().remove(namespace);
    }

    /** Ends processes, deletes links, lets the namespaces go and removes the files. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (AutoCloseable resource : takeAll()) {
            try {
                resource.close();
            } catch (Exception e) {
                failure = failure == null ? new IllegalStateException("cleaning up the lab failed") : failure;
                failure.addSuppressed(e);
            }
        }
        deleteDirectory();
        OPEN.remove(this);
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized List<AutoCloseable> takeAll() {
        List<AutoCloseable> all =
                Stream.concat(resources.stream(), namespaces.values().stream()).toList();
        resources.clear();
        namespaces.clear();
        return all;
    }

    private void deleteDirectory() {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
