// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Stats} block. */
final class StatsReader {
    private final Statements in;
    private final Scalars scalars;
    private final Findings findings;
    private @Nullable Token seen;
    private Optional<String> logFile = Optional.empty();
    private Optional<SyslogFacility> syslog = Optional.empty();

    StatsReader(Statements in, Scalars scalars, Findings findings) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
    }

    /** The block, if there is one. */
    @Nullable
    Token seen() {
        return seen;
    }

    void read(Token name) {
        seen = name;
        in.block(
                name,
                new Directives()
                        .on("LogFile", scalars.logFile("/var/log/conntrackd-stats.log", value -> logFile = value))
                        .on("Syslog", scalars.syslog(value -> syslog = value)));
    }

    /** What the block says; both ways into syslog go to the facility of {@code General}. */
    Optional<StatsConfig> config(Optional<SyslogFacility> general) {
        if (seen == null) {
            return Optional.empty();
        }
        if (general.isPresent() && syslog.isPresent() && !general.equals(syslog)) {
            findings.warn(
                    seen,
                    "Syslog names " + syslog.get() + " here and " + general.get()
                            + " in General, which is used for both: name the same");
            syslog = general;
        }
        return Optional.of(new StatsConfig(logFile, syslog));
    }
}
