// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code ExpectationSync}: whether the connections that helpers (FTP, SIP, H.323...) wait for are synchronised too, and
 * of which helpers.
 *
 * @param enabled whether any are
 * @param helpers names of the helpers whose expectations take part; empty for all
 */
public record ExpectationSync(boolean enabled, List<String> helpers) {
    /** No expectations. */
    public static final ExpectationSync OFF = new ExpectationSync(false, List.of());
    /** Those of all helpers. */
    public static final ExpectationSync ALL = new ExpectationSync(true, List.of());

    /** Copies the names. */
    public ExpectationSync {
        helpers = List.copyOf(helpers);
        if (!enabled && !helpers.isEmpty()) {
            throw new IllegalArgumentException("sync: helpers are named, but expectations are switched off");
        }
    }

    /** Those of these helpers. */
    public static ExpectationSync of(List<String> helpers) {
        return new ExpectationSync(true, helpers);
    }

    /**
     * Whether the expectations of this helper take part. As conntrackd has it, a name stands for all helpers that
     * begin with it, in any case of letters: {@code ftp} also stands for {@code ftp-2121}.
     *
     * @param helper null when the kernel does not say
     */
    public boolean accepts(@Nullable String helper) {
        if (!enabled || helpers.isEmpty()) {
            return enabled;
        }
        String name = helper == null ? "" : helper.toLowerCase(Locale.ROOT);
        return helpers.stream().anyMatch(wanted -> name.startsWith(wanted.toLowerCase(Locale.ROOT)));
    }
}
