// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process as /proc shows it (proc(5)).
 *
 * @param pid its number in the reader's namespace
 * @param comm the kernel's name of it, at most 15 octets
 * @param arguments its command line; empty for a thread of the kernel and for one that has ended
 */
record RunningProcess(int pid, String comm, List<String> arguments) {
    private static final Path PROC = Path.of("/proc");

    RunningProcess {
        arguments = List.copyOf(arguments);
    }

    /** Empty if it has ended. */
    static Optional<RunningProcess> read(int pid, boolean withArguments) {
        Path directory = PROC.resolve(Integer.toString(pid));
        try {
            String comm = text(directory.resolve("comm")).stripTrailing();
            List<String> arguments = withArguments ? split(text(directory.resolve("cmdline"))) : List.of();
            return Optional.of(new RunningProcess(pid, comm, arguments));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** All that run now, threads not counted. */
    static List<RunningProcess> all(boolean withArguments) {
        List<RunningProcess> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                read(Integer.parseInt(process.getFileName().toString()), withArguments)
                        .ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("processes cannot be listed (is /proc mounted?)", e);
        }
        return found;
    }

    /** Arguments end with a NUL each. */
    private static List<String> split(String commandLine) {
        List<String> arguments = new ArrayList<>();
        int from = 0;
        for (int end = commandLine.indexOf('\0'); end >= 0; end = commandLine.indexOf('\0', from)) {
            arguments.add(commandLine.substring(from, end));
            from = end + 1;
        }
        return arguments;
    }

    /** A name need not be UTF-8. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
