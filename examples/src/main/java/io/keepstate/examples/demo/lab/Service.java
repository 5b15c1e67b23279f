// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A long-running program on a machine. Not thread-safe; lines of its output arrive on a thread of its own. */
final class Service {
    private static final String JAVA_OPTIONS = "-Djava.io.tmpdir=/run/tmp -Djffi.extract.dir=/run/tmp -XX:-UsePerfData";

    private final String name;
    private final Process entrance;

    private Service(String name, Process entrance) {
        this.name = name;
        this.entrance = entrance;
    }

    static Service start(Machine machine, String name, List<String> command, Consumer<String> output) {
        ProcessBuilder builder = new ProcessBuilder(machine.enter(command.toArray(new String[0])));
        // A JVM on a machine unpacks its native libraries there, and leaves nothing in the /tmp all machines share.
        builder.environment().merge("KEEPSTATE_JAVA_OPTS", JAVA_OPTIONS, (given, own) -> given + " " + own);
        Process entrance = Program.start(builder);
        Program.follow(machine.name() + "-" + name, entrance.getInputStream(), output);
        return new Service(name, entrance);
    }

    boolean running() {
        return entrance.isAlive();
    }

    /** SIGTERM, and SIGKILL to what is still there after ten seconds. */
    void stop() {
        try (Stream<ProcessHandle> inside = entrance.children()) {
            // nsenter waits for the program inside the process namespace, and does not forward signals.
            inside.forEach(ProcessHandle::destroy);
        }
        try {
            if (!entrance.waitFor(10, TimeUnit.SECONDS)) {
                entrance.descendants().forEach(ProcessHandle::destroyForcibly);
                throw new LabException(name + " did not end within 10 s of SIGTERM");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
