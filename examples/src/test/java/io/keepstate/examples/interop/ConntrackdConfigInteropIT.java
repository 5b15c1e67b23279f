// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.conntrackd.ConfigurationCases;
import io.keepstate.examples.conf.conntrackd.ConfigurationCases.Verdict;
import io.keepstate.examples.conf.conntrackd.ConntrackdReader;
import io.keepstate.examples.conf.conntrackd.ConntrackdWords;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the installed conntrackd accepts is accepted here, what it warns of is warned of, and what it refuses is refused at
 * the same line and symbol; the files where it is not so say why.
 */
@ExtendWith(LabExtension.class)
class ConntrackdConfigInteropIT {
    private static final String NO_DAEMON = "can't connect: is conntrackd running?";
    private static final Path OURS = Path.of("target/keepstate/bin/conntrackd");
    private static final Path SAMPLES = Path.of("conf");

    /** A command of a client: it reads the whole file first, then finds that no daemon is there. */
    private static final String JUDGE_ALL =
            "cd $0; for half in 0 1; do for f in $half*.conf; do conntrackd -C $f -s </dev/null >/dev/null 2>$f.err;"
                    + " done & done; wait";

    @TempDir
    Path directory;

    @Test
    void both_judge_alike(Lab lab) throws IOException {
        Requires.program("conntrackd");
        List<ConfigurationCases.Case> cases = ConfigurationCases.all();
        List<Path> files = new ArrayList<>();
        for (ConfigurationCases.Case file : cases) {
            files.add(Files.write(directory.resolve(files.size() % 2 + file.name() + ".conf"), file.text()));
        }
        node(lab).exec("sh", "-c", JUDGE_ALL, directory.toString());
        Map<String, String> differences = new TreeMap<>();
        for (int i = 0; i < cases.size(); i++) {
            String said = said(files.get(i));
            ConfigurationCases.Case file = cases.get(i);
            boolean alike = verdict(said) == file.here();
            if (alike != file.reason().isEmpty()) {
                differences.put(file.name(), "here " + file.here() + ", there: " + said);
            } else if (alike && file.here() == Verdict.NO && !sameError(file, said)) {
                differences.put(file.name(), said);
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void the_samples_are_good_files_there_too(Lab lab) throws IOException {
        Requires.program("conntrackd");
        LabNamespace node = node(lab);
        try (Stream<Path> samples = Files.walk(SAMPLES)) {
            for (Path sample : samples.filter(
                            path -> path.getFileName().toString().matches("conntrackd.*\\.conf"))
                    .toList()) {
                String socket = "Path " + directory.resolve("none.ctl");
                Path file = directory.resolve("0sample.conf");
                Files.writeString(file, Files.readString(sample).replaceAll("(?m)Path /var/run/\\S+", socket));
                node.exec("sh", "-c", "conntrackd -C $0 -s 2>$0.err", file.toString());
                assertThat(verdict(said(file))).as(sample + ": " + said(file)).isNotEqualTo(Verdict.NO);
            }
        }
    }

    @Test
    void a_daemon_refuses_in_the_same_words_where_its_caller_sees_them(Lab lab) throws IOException {
        Requires.program("conntrackd");
        assumeTrue(Files.isExecutable(OURS), "no distribution in target/keepstate: run the package phase first");
        String ours = OURS.toAbsolutePath().toString();
        Path file = Files.writeString(
                directory.resolve("wrong.conf"), "General {\n    Nice -20\n    Foo 1\n    HashLimit\n}\n");
        LabNamespace node = node(lab);
        for (String words : List.of("", "-d", "-s")) {
            ConntrackdClient.Run there =
                    new ConntrackdClient(node, "conntrackd").run(file, words).normalised();
            ConntrackdClient.Run here =
                    new ConntrackdClient(node, ours).run(file, words).normalised();
            assertThat(here.code()).as(words).isEqualTo(there.code()).isEqualTo(1);
            String refusal = "[ERROR] parsing config file in line (3), symbol 'Foo': syntax error";
            assertThat(there.err().lines()).as(words).contains(refusal);
            assertThat(here.err().lines())
                    .as(words)
                    .anyMatch(line -> line.startsWith("[warning] " + file + ":2: Nice: "))
                    .contains(refusal)
                    .anyMatch(line -> line.startsWith("[ERROR] " + file + ":3: Foo: syntax error: "))
                    .anyMatch(line -> line.startsWith("[ERROR] parsing config file in line (5), symbol '}'"));
        }
    }

    private static LabNamespace node(Lab lab) {
        return lab.namespace("node");
    }

    /** Of an error of grammar, whose form is fixed, the first line must be the same; a symbol that is no text may differ. */
    private static boolean sameError(ConfigurationCases.Case file, String said) {
        List<Finding> errors = ConntrackdReader.read("c", new String(file.text(), StandardCharsets.UTF_8))
                .errors();
        String ours = ConntrackdWords.of(errors.get(0)).get(0);
        boolean grammar = said.contains("parsing config file in line");
        return grammar
                ? said.contains(ours) || ours.chars().anyMatch(c -> c < ' ' || c > '~')
                : !ours.startsWith("parsing config file");
    }

    private static Verdict verdict(String said) {
        if (said.replace("[ERROR] " + NO_DAEMON, "").contains("[ERROR]")) {
            return Verdict.NO;
        }
        // Whether there is such an interface is a question of the machine.
        return said.replaceAll("\\[warning] \\S+ is an invalid interface", "").contains("[warning]")
                ? Verdict.WARN
                : Verdict.OK;
    }

    private static String said(Path file) throws IOException {
        return Files.readString(file.resolveSibling(file.getFileName() + ".err"), StandardCharsets.ISO_8859_1);
    }
}
