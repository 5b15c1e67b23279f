// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.ConfigurationFile;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.Token;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads conntrackd.conf, with the grammar of conntrackd 1.4.7: what that refuses is an error here, and what it warns
 * of and leaves out is left out here too. Every error of a file is reported, not only the first; what has no effect in this
 * program alone is a note.
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
        Statements in = new Statements(Lexer.cut(text), findings);
        Scalars scalars = new Scalars(in, findings);
        SyncReader sync = new SyncReader(in, scalars, findings);
        GeneralReader general = new GeneralReader(in, scalars, findings);
        StatsReader stats = new StatsReader(in, scalars, findings);
        HelperReader helper = new HelperReader(in, scalars, findings);
        in.file(new Directives()
                .on("Sync", sync::read)
                .on("General", general::read)
                .on("Stats", stats::read)
                .on("Helper", helper::read));
        if (!findings.hasErrors()) {
            sync.review();
        }
        Token both = stats.seen();
        if (both != null && sync.seen() != null) {
            findings.error(both, "a file has a Sync or a Stats block, not both: remove one of them");
        }
        if (both == null && sync.seen() == null) {
            findings.add(
                    Severity.NOTE,
                    0,
                    "",
                    "there is neither a Sync nor a Stats block: flows are counted, and nothing is synchronised; add the"
                            + " one that is meant");
        }
        return new Reading<>(config(sync, general, stats, findings), findings.list());
    }

    private static Optional<ConntrackdConfig> config(
            SyncReader sync, GeneralReader general, StatsReader stats, Findings findings) {
        if (findings.hasErrors()) {
            return Optional.empty();
        }
        Optional<StatsConfig> statistics = stats.config(general.syslog());
        Token block = sync.seen();
        if (block == null) {
            return Optional.of(new ConntrackdConfig(Optional.empty(), statistics, general.config()));
        }
        try {
            return Optional.of(new ConntrackdConfig(Optional.of(sync.config()), statistics, general.config()));
        } catch (IllegalArgumentException e) {
            findings.error(block, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
