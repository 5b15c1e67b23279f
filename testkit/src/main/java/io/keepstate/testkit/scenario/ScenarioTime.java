// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times of scripts: {@code 3.609375s}, {@code 100ms}, {@code 5us}, {@code 20ns}, {@code 2m}; without a unit seconds. */
final class ScenarioTime {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|ms|s|m)?");
    private static final Map<String, Long> UNITS =
            Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L);
    private static final int NANO_DIGITS = 9;
    /** Some thirty years: sums of a few of these still fit. */
    private static final BigDecimal LONGEST_NANOS = BigDecimal.valueOf(1_000_000_000_000_000_000L);

    private ScenarioTime() {}

    /** Nanoseconds; empty if the text is no time. */
    static Optional<Long> parse(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unit = UNITS.getOrDefault(matcher.group(2) == null ? "s" : matcher.group(2), 1L);
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        return nanos.compareTo(LONGEST_NANOS) > 0 ? Optional.empty() : Optional.of(nanos.longValue());
    }

    /** Seconds, with as many digits as it takes. */
    static String text(long nanos) {
        BigDecimal seconds = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
        return (seconds.scale() < 0 ? seconds.setScale(0) : seconds).toPlainString() + "s";
    }
}
