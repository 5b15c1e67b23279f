// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.AnnouncementPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the {@code garp_*} lines of an instance, or the {@code vrrp_garp_*} lines of global_defs, which are its defaults. */
final class GarpReader {
    /** keepalived takes any number; so many frames in a row are a flood. */
    private static final int MOST_ROUNDS = 1_000;

    private static final int LONGEST_DELAY = 86_400;

    private final Arguments arguments;
    private final Findings findings;
    private @Nullable Integer repeat;
    private @Nullable Duration delay;
    private @Nullable Integer refreshRepeat;
    private @Nullable Duration refresh;
    private @Nullable Integer lowerRepeat;
    private @Nullable Duration lowerDelay;
    private @Nullable Token lowerRepeatAt;
    private @Nullable Duration extra;
    private boolean extraEverywhere;

    GarpReader(Arguments arguments, Findings findings) {
        this.arguments = arguments;
        this.findings = findings;
    }

    Directives addTo(Directives table, String prefix) {
        return table.on(prefix + "garp_master_delay", at -> arguments.wholeSeconds(at, LONGEST_DELAY, it -> delay = it))
                .on(
                        prefix + "garp_master_repeat",
                        at -> arguments.integer(at, 0, Integer.MAX_VALUE, it -> repeat = atLeastOne(at, it)))
                .on(prefix + "garp_master_refresh", at -> arguments.wholeSeconds(at, LONGEST_DELAY, it -> refresh = it))
                .on(
                        prefix + "garp_master_refresh_repeat",
                        at -> arguments.integer(at, 0, Integer.MAX_VALUE, it -> refreshRepeat = atLeastOne(at, it)))
                .on(
                        prefix + "garp_lower_prio_delay",
                        at -> arguments.wholeSeconds(at, LONGEST_DELAY, it -> lowerDelay = it))
                .on(
                        prefix + "garp_lower_prio_repeat",
                        at -> arguments.integer(at, 0, Integer.MAX_VALUE, it -> {
                            lowerRepeat = notTooMany(at, it);
                            lowerRepeatAt = at;
                        }))
                // The second name is that of keepalived 2.2.0 and 2.2.1.
                .on(prefix + "garp_extra_if", this::extra, prefix + "vmac_garp_intvl");
    }

    /** {@code [all] SECONDS}. */
    private void extra(Token at) {
        List<Token> words = new ArrayList<>(arguments.all(at));
        boolean all = words.removeIf(word -> word.text().equals("all"));
        if (words.isEmpty()) {
            findings.error(at, "a value is missing: write `" + at.text() + " [all] SECONDS'");
            return;
        }
        if (words.size() > 1) {
            findings.warn(
                    at, "the words " + Arguments.text(words.subList(1, words.size())) + " have no effect: remove them");
        }
        arguments.values().integer(at, words.get(0), 0, LONGEST_DELAY).ifPresent(seconds -> {
            extra = Duration.ofSeconds(seconds);
            extraEverywhere = all;
        });
    }

    /** Where {@code garp_lower_prio_repeat} asks for answers, if it does. */
    Optional<Token> lowerRepeatAt() {
        return lowerRepeat != null && lowerRepeat > 0 ? Optional.ofNullable(lowerRepeatAt) : Optional.empty();
    }

    /** Where {@code garp_lower_prio_repeat 0} stands, if it does. */
    Optional<Token> lowerRepeatAtZero() {
        return lowerRepeat != null && lowerRepeat == 0 ? Optional.ofNullable(lowerRepeatAt) : Optional.empty();
    }

    /** What is given here, else what the defaults say. A losing router is answered like a won election, unless told. */
    AnnouncementPolicy over(AnnouncementPolicy defaults) {
        int rounds = repeat == null ? defaults.repeat() : repeat;
        Duration second = delay == null ? defaults.delay() : delay;
        boolean ownMaster = repeat != null || delay != null;
        boolean lowerFollowed = defaults.lowerPriorityRepeat() == defaults.repeat()
                && defaults.lowerPriorityDelay().equals(defaults.delay());
        int lower = lowerRepeat != null
                ? lowerRepeat
                : ownMaster && lowerFollowed ? rounds : defaults.lowerPriorityRepeat();
        Duration lowerSecond =
                lowerDelay != null ? lowerDelay : ownMaster && lowerFollowed ? second : defaults.lowerPriorityDelay();
        return new AnnouncementPolicy(
                rounds,
                second,
                refresh == null ? defaults.refresh() : refresh,
                refreshRepeat == null ? defaults.refreshRepeat() : refreshRepeat,
                lower,
                lowerSecond,
                defaults.arpInterval(),
                defaults.neighborInterval(),
                extra == null ? defaults.extraInterval() : extra,
                extra == null ? defaults.extraEverywhere() : extraEverywhere);
    }

    private int atLeastOne(Token at, int value) {
        if (value == 0) {
            findings.invalid(at, "a burst has at least one round, 1 is used: write 1 or more");
        }
        return Math.max(1, notTooMany(at, value));
    }

    private int notTooMany(Token at, int value) {
        if (value > MOST_ROUNDS) {
            findings.warn(at, "so many rounds are a flood, " + MOST_ROUNDS + " are used: write less");
        }
        return Math.min(MOST_ROUNDS, value);
    }
}
