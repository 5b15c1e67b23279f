// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.sysctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Kernel parameters. A key is the path below {@code /proc/sys}, such as {@code net/ipv4/conf/eth0/arp_ignore}: with slashes,
 * since names of interfaces may hold dots.
 *
 * <p>What is below {@code net} belongs to a network namespace, and the kernel shows that of the <em>calling thread</em>.
 * Stateless; any thread. Source: sysctl(8), Documentation/networking/ip-sysctl.rst.
 */
public final class Sysctl {

    private final Path root;

    private Sysctl(Path root) {
        this.root = root;
    }

    /** The parameters of the running kernel. */
    public static Sysctl kernel() {
        return new Sysctl(Path.of("/proc/sys"));
    }

    /** Parameters below another directory, for tests. */
    public static Sysctl below(Path root) {
        return new Sysctl(root);
    }

    /**
     * A value as one line, tabs between several numbers as spaces.
     *
     * @return empty if there is no such parameter, for instance since its interface is gone or the kernel has no IPv6
     * @throws UncheckedIOException if it may not be read
     */
    public Optional<String> read(String key) {
        // By a reader: Files.readString begins with one octet, and the kernel gives a value to the first read only.
        try (BufferedReader in = Files.newBufferedReader(path(key), StandardCharsets.ISO_8859_1)) {
            String line = in.readLine();
            return Optional.of(line == null ? "" : line.replace('\t', ' ').strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read kernel parameter " + key + ": " + e.getMessage(), e);
        }
    }

    /**
     * Sets a value.
     *
     * @return whether there is such a parameter
     * @throws UncheckedIOException if it may not be written, or the kernel refuses the value
     */
    public boolean write(String key, String value) {
        if (!Files.exists(path(key))) {
            return false;
        }
        try {
            Files.write(path(key), value.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot set kernel parameter " + key + " to " + value + ": " + e.getMessage()
                            + " (needs CAP_NET_ADMIN and a writable /proc/sys)",
                    e);
        }
    }

    /** The names below a directory, such as the interfaces below {@code net/ipv4/conf}; empty if it does not exist. */
    public List<String> list(String directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(directory))) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException("cannot list kernel parameters below " + directory, e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list kernel parameters below " + directory, e);
        }
        Collections.sort(names);
        return names;
    }

    private Path path(String key) {
        Path path = root.resolve(key).normalize();
        if (key.startsWith("/") || !path.startsWith(root) || path.equals(root)) {
            throw new IllegalArgumentException(
                    "not the name of a kernel parameter: '" + key + "' (write net/ipv4/ip_forward)");
        }
        return path;
    }
}
