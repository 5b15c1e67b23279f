// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.ConfigurationFile;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Lexer;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads conntrackd.conf. The grammar is conntrackd's (free format, {@code #} comments), with two differences, both to
 * the operator's good: a directive that is not known or not supported is a warning and never ends the reading, and
 * every error of a file is reported, not only the first.
 */
public final class ConntrackdReader {
    private ConntrackdReader() {}

    /** Reads a file. */
    public static Reading<ConntrackdConfig> read(Path file) {
        Findings findings = new Findings(file.toString());
        return ConfigurationFile.load(file, findings)
                .map(text -> read(text, findings))
                .orElseGet(() -> new Reading<>(Optional.empty(), findings.list()));
    }

    /** Reads the text of a file of the given name. */
    public static Reading<ConntrackdConfig> read(String fileName, String text) {
        return read(text, new Findings(fileName));
    }

    private static Reading<ConntrackdConfig> read(String text, Findings findings) {
        BlockReader in = new BlockReader(Lexer.cut(text, findings), findings);
        Scalars scalars = new Scalars(in, new Values(findings));
        SyncReader sync = new SyncReader(in, scalars, findings);
        GeneralReader general = new GeneralReader(in, scalars, findings);
        in.file(new Directives()
                .on("Sync", sync::read)
                .on("General", general::read)
                .on("Stats", name -> unsupportedBlock(in, findings, name, "statistics mode"))
                .on(
                        "Helper",
                        name -> unsupportedBlock(in, findings, name, "connection tracking helpers in user space")));
        if (!findings.hasErrors() && !sync.seen()) {
            findings.error("there is no Sync block: add `Sync { Mode FTFW { } UDP { ... } }'");
        }
        Optional<ConntrackdConfig> config = findings.hasErrors()
                ? Optional.empty()
                : Optional.of(new ConntrackdConfig(sync.config(), general.config()));
        return new Reading<>(config, findings.list());
    }

    private static void unsupportedBlock(BlockReader in, Findings findings, Token name, String what) {
        findings.warn(name, what + " is not supported, the block has no effect: remove it to silence this");
        in.skip(name);
    }
}
