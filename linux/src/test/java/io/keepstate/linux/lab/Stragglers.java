// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.lab;

import io.keepstate.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Finds programs that left their parent (daemons) by the namespace they run in, and ends them. */
final class Stragglers {
    private Stragglers() {}

    static void kill(NetworkNamespace namespace) {
        if (find(namespace).isEmpty()) {
            return;
        }
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> {
                    List<ProcessHandle> left = find(namespace);
                    left.forEach(ProcessHandle::destroyForcibly);
                    return left.isEmpty();
                },
                "no process is left in " + namespace);
    }

    private static List<ProcessHandle> find(NetworkNamespace namespace) {
        String wanted = link(namespace.path());
        ProcessHandle self = ProcessHandle.current();
        return ProcessHandle.allProcesses()
                .filter(process -> !process.equals(self))
                .filter(process ->
                        link(Path.of("/proc/" + process.pid() + "/ns/net")).equals(wanted))
                .toList();
    }

    /** The identity of a namespace, such as {@code net:[4026531840]}; empty when the process is gone. */
    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
