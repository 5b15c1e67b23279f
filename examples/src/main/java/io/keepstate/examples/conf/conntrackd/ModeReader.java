// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.node.config.SyncMode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Reads the {@code Mode} blocks, and those of their directives that may also stand in {@code Sync}. */
final class ModeReader {
    private static final int DEFAULT_PURGE_SECONDS = 60;
    private static final SyncMode.Ftfw FTFW = SyncMode.Ftfw.DEFAULT;
    private static final int FEWEST_RESENDS = 16;
    private static final int MOST_RESENDS = 1 << 24;
    private static final int DAY_SECONDS = 86_400;

    /** In the order of precedence if there are several. */
    private enum Name {
        FTFW,
        ALARM,
        NOTRACK
    }

    private final Statements in;
    private final Scalars scalars;
    private final Findings findings;
    private final Set<Name> names = EnumSet.noneOf(Name.class);

    private int commitTimeout;
    private int purgeTimeout;
    private int resendQueueSize;
    private int ackWindowSize;
    private int refreshTime;
    private int cacheTimeout;
    private boolean disableInternalCache;
    private boolean disableExternalCache;
    private boolean startupResync = FTFW.startupResync();

    ModeReader(Statements in, Scalars scalars, Findings findings) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
    }

    boolean seen() {
        return !names.isEmpty();
    }

    int commitTimeoutSeconds() {
        return commitTimeout;
    }

    int purgeTimeoutSeconds() {
        return purgeTimeout == 0 ? DEFAULT_PURGE_SECONDS : purgeTimeout;
    }

    SyncMode mode() {
        if (names.isEmpty() || names.contains(Name.FTFW)) {
            return new SyncMode.Ftfw(
                    ackWindowSize == 0 ? FTFW.ackWindow() : ackWindowSize,
                    resendQueueSize == 0 ? FTFW.resendLimit() : resendQueueSize,
                    disableExternalCache,
                    startupResync);
        }
        if (names.contains(Name.ALARM)) {
            return new SyncMode.Alarm(
                    refreshTime == 0 ? SyncMode.Alarm.DEFAULT.refreshTime() : Duration.ofSeconds(refreshTime),
                    cacheTimeout == 0 ? SyncMode.Alarm.DEFAULT.cacheTimeout() : Duration.ofSeconds(cacheTimeout));
        }
        return new SyncMode.NoTrack(disableInternalCache, disableExternalCache, startupResync);
    }

    /** What may stand in every mode and in {@code Sync}. */
    Directives timeouts() {
        return new Directives()
                .on("CommitTimeout", scalars.number(value -> commitTimeout = value))
                .on("PurgeTimeout", scalars.number(value -> purgeTimeout = value));
    }

    /** What may also stand in {@code Sync}. */
    Directives alarm() {
        return timeouts()
                .on("RefreshTime", scalars.bounded(1, DAY_SECONDS, value -> refreshTime = value))
                .on("CacheTimeout", scalars.number(value -> cacheTimeout = value));
    }

    void read(Token name) {
        Token mode = in.take(name, "FTFW { }", Set.of(Token.Kind.KEYWORD));
        if (mode == null) {
            return;
        }
        switch (mode.text().toUpperCase(Locale.ROOT)) {
            case "FTFW" -> block(name, Name.FTFW, ftfw());
            case "NACK" -> {
                findings.warn(name, "NACK is the old name of FTFW: write `Mode FTFW'");
                block(name, Name.FTFW, ftfw());
            }
            case "ALARM" -> block(name, Name.ALARM, alarm());
            case "PERSISTENT" -> {
                findings.warn(name, "PERSISTENT is the old name of ALARM: write `Mode ALARM'");
                block(name, Name.ALARM, alarm());
            }
            case "NOTRACK" -> block(name, Name.NOTRACK, notrack());
            default -> {
                findings.error(
                        mode, Statements.SYNTAX_ERROR + "this is no mode: write `Mode FTFW { }', NOTRACK or ALARM");
                in.skip(name);
            }
        }
    }

    private void block(Token name, Name mode, Directives table) {
        names.add(mode);
        if (names.size() > 1) {
            findings.note(name, "there are several modes, " + names.iterator().next() + " is used: remove the others");
        }
        in.block(name, table);
    }

    private Directives ftfw() {
        return caches(timeouts())
                .on("ResendQueueSize", scalars.bounded(FEWEST_RESENDS, MOST_RESENDS, value -> resendQueueSize = value))
                .on("ACKWindowSize", scalars.number(value -> ackWindowSize = value));
    }

    private Directives notrack() {
        return caches(timeouts()).on("DisableInternalCache", scalars.onOff(value -> disableInternalCache = value));
    }

    private Directives caches(Directives table) {
        return table.on("DisableExternalCache", scalars.onOff(value -> disableExternalCache = value))
                .on("StartupResync", scalars.onOff(value -> startupResync = value));
    }
}
