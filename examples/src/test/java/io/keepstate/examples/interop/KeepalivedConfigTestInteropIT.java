// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.keepalived.ConfigurationVerdict;
import io.keepstate.examples.conf.keepalived.Surroundings;
import io.keepstate.examples.conf.keepalived.ThisMachine;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A file that {@code keepalived -t} accepts is accepted here, and one that it rejects is rejected, but for the files named
 * below with the reason.
 */
@ExtendWith(LabExtension.class)
class KeepalivedConfigTestInteropIT {
    private static final Path CORPUS = Path.of("src/test/resources/keepalived");

    /** Files we accept and keepalived 2.2.7 rejects. */
    private static final Map<String, String> ACCEPTED_HERE = Map.of(
            "auth-hmac.conf", "a directive of keepalived 2.4",
            "track-script-defined-below.conf", "definitions may stand anywhere in the file",
            "track-script-fraction.conf", "keepalived 2.4 takes fractions of a second",
            "routes.conf", "a route over several interfaces can be tracked here");

    /** Files we reject and keepalived 2.2.7 accepts. */
    private static final Map<String, String> REJECTED_HERE = Map.of();

    @Test
    void both_judge_alike(Lab lab) throws IOException {
        Requires.program("keepalived");
        LabNamespace node = lab.namespace("node");
        LabNamespace other = lab.namespace("other");
        for (int i = 0; i < 3; i++) {
            lab.veth(node, "eth" + i, other, "peer" + i);
            node.up("eth" + i);
            node.address("eth" + i, "10.0." + i + ".1/24");
        }
        Map<String, String> differences = new TreeMap<>();
        for (Path file : files()) {
            boolean theirs = node.exec(
                            "keepalived",
                            "-t",
                            "-i",
                            "main",
                            "-f",
                            file.toAbsolutePath().toString())
                    == 0;
            ConfigurationVerdict verdict = ConfigurationVerdict.of(file, "main", new Node());
            if (theirs != (verdict.exitCode() == ConfigurationVerdict.GOOD)) {
                differences.put(
                        String.valueOf(file.getFileName()),
                        theirs ? "only we reject: " + verdict.findings() : "only we accept");
            }
        }
        Map<String, String> expected = new TreeMap<>();
        ACCEPTED_HERE.keySet().forEach(name -> expected.put(name, "only we accept"));
        REJECTED_HERE.keySet().forEach(name -> expected.put(name, "only we reject"));
        assertThat(differences.keySet()).as(differences.toString()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, which) -> assertThat(differences.get(name)).as(name).startsWith(which));
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            List<Path> sorted = files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
            assertThat(sorted).hasSizeGreaterThan(90);
            return sorted;
        }
    }

    /** The namespace's interfaces; users and scripts are the machine's, which keepalived sees too. */
    private static final class Node implements Surroundings {
        private final Surroundings machine = new ThisMachine();

        @Override
        public boolean hasInterface(String name) {
            return Set.of("eth0", "eth1", "eth2").contains(name);
        }

        @Override
        public boolean hasUser(String name) {
            return machine.hasUser(name);
        }

        @Override
        public ScriptFile script(String program) {
            return machine.script(program);
        }
    }
}
