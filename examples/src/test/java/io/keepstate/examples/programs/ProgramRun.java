// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program in a JVM of its own, on a host of the lab. */
final class ProgramRun {
    private ProgramRun() {}

    static LabProcess start(LabNamespace where, Class<?> program, String... arguments) {
        return where.start(command(program, arguments).toArray(String[]::new));
    }

    /** The same with this file, which may be a named pipe, as its standard input. */
    static LabProcess startReading(Path input, LabNamespace where, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" < \"$0\"", input.toString()));
        command.addAll(command(program, arguments));
        return where.start(command.toArray(String[]::new));
    }

    private static List<String> command(Class<?> program, String... arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(java, "-XX:+UseSerialGC", "-cp", classPath, program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
