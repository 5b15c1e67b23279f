// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The syslog facilities conntrackd.conf can name; codes of RFC 5424 6.2.1. */
public enum SyslogFacility {
    /** System daemons. */
    DAEMON(3),
    /** Local use. */
    LOCAL0(16),
    /** Local use. */
    LOCAL1(17),
    /** Local use. */
    LOCAL2(18),
    /** Local use. */
    LOCAL3(19),
    /** Local use. */
    LOCAL4(20),
    /** Local use. */
    LOCAL5(21),
    /** Local use. */
    LOCAL6(22),
    /** Local use. */
    LOCAL7(23);

    private final int code;

    SyslogFacility(int code) {
        this.code = code;
    }

    /** The numerical code; a message's priority is {@code code * 8 + severity}. */
    public int code() {
        return code;
    }

    static Optional<SyslogFacility> named(String name) {
        String upper = name.equals(name.toLowerCase(Locale.ROOT)) ? name.toUpperCase(Locale.ROOT) : "";
        return Arrays.stream(values())
                .filter(facility -> facility.name().equals(upper))
                .findFirst();
    }
}
