// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.IpAddress;
import org.jspecify.annotations.Nullable;

/** What a translation leads to: {@code address}, {@code address:port} or {@code [address]:port}. */
final class NatArgument {
    private NatArgument() {}

    /** Reads it; {@code option} is the name that a refusal mentions. */
    static Arguments.Nat parse(String text, String option) {
        return text.startsWith("[") ? bracketed(text, option) : plain(text, option);
    }

    private static Arguments.Nat bracketed(String text, String option) {
        int end = text.indexOf(']');
        if (end < 0) {
            throw Refusal.parameter("No closing ']' around IPv6 address");
        }
        if (end == 1) {
            throw Refusal.parameter("No IPv6 address specified");
        }
        // Brackets are for an address with a port.
        return text.startsWith(":", end + 1)
                ? nat(text.substring(1, end), text.substring(end + 2), option)
                : nat(text, null, option);
    }

    /** More than one colon belong to an IPv6 address. */
    private static Arguments.Nat plain(String text, String option) {
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':')
                ? nat(text.substring(0, colon), text.substring(colon + 1), option)
                : nat(text, null, option);
    }

    private static Arguments.Nat nat(String host, @Nullable String port, String option) {
        if (port != null && port.isEmpty()) {
            throw Refusal.parameter("No port specified after `:'");
        }
        IpAddress address = AddressArgument.alone(host, option);
        return new Arguments.Nat(address, port == null ? 0 : number(port));
    }

    private static int number(String port) {
        if (!CNumber.isDecimal(port) || CNumber.decimal(port) > 0xffff) {
            throw Refusal.parameter("Invalid port `" + port + "'");
        }
        return (int) CNumber.decimal(port);
    }
}
