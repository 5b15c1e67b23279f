// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A file that {@code keepalived -t} accepts is accepted here, and one that it rejects is rejected, but for the files named
 * below with the reason. The lines that keepalived names are named here, too.
 */
@ExtendWith(LabExtension.class)
class KeepalivedConfigTestInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final Path CORPUS = Path.of("src/test/resources/keepalived");

    /** Files we accept and keepalived 2.2.7 rejects. */
    private static final Map<String, String> ACCEPTED_HERE = Map.of(
            "auth-hmac.conf", "a directive of keepalived 2.4",
            "track-script-defined-below.conf", "definitions may stand anywhere in the file",
            "track-script-fraction.conf", "keepalived 2.4 takes fractions of a second",
            "routes.conf", "a route over several interfaces can be tracked here");

    /** Files we reject and keepalived 2.2.7 accepts. */
    private static final Map<String, String> REJECTED_HERE = Map.of();

    /** Files in which one mistake makes keepalived complain of the lines that follow as well: the first one must agree. */
    private static final Set<String> CASCADES = Set.of("unknown-block-at-top.conf", "undefined-parameter.conf");

    /** Files in which keepalived complains at the end of the block, and we where the directive stands. */
    private static final Set<String> AT_THE_END = Set.of("unicast-vmac.conf");

    private static final Pattern LINE = Pattern.compile("Line (\\d+)\\)");

    @Test
    void both_judge_alike_and_find_the_same_lines(Lab lab) throws IOException {
        Requires.program("keepalived");
        LabNamespace node = node(lab);
        Map<String, String> differences = new TreeMap<>();
        for (Path file : files()) {
            String name = String.valueOf(file.getFileName());
            String said = node.run(
                    "sh", "-c", "keepalived -t -i main -f " + file.toAbsolutePath() + " 2>&1; echo exit code $?");
            boolean theirs = said.contains("exit code 0");
            ConfigurationVerdict verdict = ConfigurationVerdict.of(file, "main", new Node());
            if (theirs != (verdict.exitCode() == ConfigurationVerdict.GOOD)) {
                differences.put(name, theirs ? "only we reject: " + verdict.findings() : "only we accept");
            } else if (!theirs && !AT_THE_END.contains(name)) {
                assertThat(lines(verdict)).as("%s: %s", name, said).containsAll(lines(said, CASCADES.contains(name)));
            }
        }
        Map<String, String> expected = new TreeMap<>();
        ACCEPTED_HERE.keySet().forEach(name -> expected.put(name, "only we accept"));
        REJECTED_HERE.keySet().forEach(name -> expected.put(name, "only we reject"));
        assertThat(differences.keySet()).as(differences.toString()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, which) -> assertThat(differences.get(name)).as(name).startsWith(which));
    }

    /** In the short form every sixth of them. */
    @Test
    void both_judge_single_directives_alike(Lab lab) throws IOException {
        Requires.program("keepalived");
        LabNamespace node = node(lab);
        List<String> cases = Files.readAllLines(CORPUS.resolve("lines.cases")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        Path file = lab.directory().resolve("keepalived.conf");
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < cases.size(); i += LONG ? 1 : 6) {
            String[] parts = cases.get(i).split("\t", 2);
            Files.writeString(file, text(parts[0]));
            boolean theirs = node.exec("keepalived", "-t", "-i", "main", "-f", file.toString()) == 0;
            ConfigurationVerdict verdict = ConfigurationVerdict.of(file, "main", new Node());
            boolean ours = verdict.exitCode() == ConfigurationVerdict.GOOD;
            String expected = parts.length == 1 ? "" : parts[1].substring(0, 1);
            String actual = ours == theirs ? "" : ours ? "+" : "-";
            if (!actual.equals(expected)) {
                differences.add(
                        parts[0] + ": expected `" + expected + "' but is `" + actual + "': " + verdict.findings());
            }
        }
        assertThat(differences).isEmpty();
    }

    private static String text(String line) {
        String[] parts = line.split(": ", 2);
        String lines = parts[1].replace("\\n", "\n");
        String inInstance = parts[0].equals("instance") ? lines : "";
        String instance = "vrrp_instance A {\n"
                + (lines.startsWith("interface ") ? "" : "interface eth0\n")
                + (lines.startsWith("virtual_router_id ") ? "" : "virtual_router_id 1\n")
                + inInstance + "\nvirtual_ipaddress {\n10.0.0.5\n}\n}\n";
        return switch (parts[0]) {
            case "instance" -> instance;
            case "global" -> "global_defs {\n" + lines + "\n}\n" + instance;
            default -> lines + "\n" + instance;
        };
    }

    private static LabNamespace node(Lab lab) {
        LabNamespace node = lab.namespace("node");
        LabNamespace other = lab.namespace("other");
        for (int i = 0; i < 3; i++) {
            lab.veth(node, "eth" + i, other, "peer" + i);
            node.up("eth" + i);
            node.address("eth" + i, "10.0." + i + ".1/24");
        }
        return node;
    }

    private static Set<Integer> lines(ConfigurationVerdict verdict) {
        return verdict.findings().stream().map(Finding::line).collect(Collectors.toSet());
    }

    /** The lines that keepalived complains of; it also complains without a line. */
    private static Set<Integer> lines(String said, boolean onlyFirst) {
        return said.lines()
                .filter(line -> !line.contains("WARNING"))
                .map(LINE::matcher)
                .filter(Matcher::find)
                .map(found -> Integer.valueOf(found.group(1)))
                .limit(onlyFirst ? 1 : Long.MAX_VALUE)
                .collect(Collectors.toSet());
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            List<Path> sorted = files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
            assertThat(sorted).hasSizeGreaterThan(100);
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
