// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.AddressPrefix;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads single values out of tokens; what is not a value is reported with the range that would be right. */
public final class Values {
    private final Findings findings;

    /** Values whose errors go to the given findings. */
    public Values(Findings findings) {
        this.findings = findings;
    }

    /** A whole number within a range. */
    public OptionalLong number(Token directive, Token value, long min, long max) {
        try {
            long number = Long.parseLong(value.text());
            if (number >= min && number <= max) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException notANumber) {
            // reported below, with the range
        }
        findings.error(
                directive, "`" + value.text() + "' is not a whole number from " + min + " to " + max + ": write one");
        return OptionalLong.empty();
    }

    /** A whole number within a range of ints. */
    public OptionalInt integer(Token directive, Token value, int min, int max) {
        OptionalLong number = number(directive, value, min, max);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /** Seconds with decimals, as milliseconds. */
    public OptionalLong seconds(Token directive, Token value, double min, double max) {
        if (value.text().matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            double seconds = Double.parseDouble(value.text());
            if (seconds >= min && seconds <= max) {
                return OptionalLong.of(Math.round(seconds * 1000));
            }
        }
        findings.error(
                directive,
                "`" + value.text() + "' is not a time in seconds from " + plain(min) + " to " + plain(max)
                        + ": write one");
        return OptionalLong.empty();
    }

    /** Seconds with decimals, to the nanosecond. */
    public Optional<Duration> duration(Token directive, Token value, double min, double max) {
        if (value.text().matches("[0-9]{1,9}(\\.[0-9]{0,9})?|\\.[0-9]{1,9}")) {
            BigDecimal seconds = new BigDecimal(value.text());
            if (seconds.doubleValue() >= min && seconds.doubleValue() <= max) {
                return Optional.of(Duration.ofNanos(seconds.movePointRight(9).longValue()));
            }
        }
        findings.error(
                directive,
                "`" + value.text() + "' is not a time in seconds from " + plain(min) + " to " + plain(max)
                        + ": write one");
        return Optional.empty();
    }

    /** Whether {@link #onOff} knows the word. */
    public boolean isOnOff(Token value) {
        return value.text().toLowerCase(Locale.ROOT).matches("on|off|yes|no|true|false");
    }

    /** {@code on}, {@code off}, {@code yes}, {@code no}, {@code true} or {@code false}, in any case. */
    public Optional<Boolean> onOff(Token directive, Token value) {
        switch (value.text().toLowerCase(Locale.ROOT)) {
            case "on", "yes", "true" -> {
                return Optional.of(true);
            }
            case "off", "no", "false" -> {
                return Optional.of(false);
            }
            default -> {
                findings.error(
                        directive,
                        "`" + value.text() + "' is neither on nor off: write `" + directive.text() + " on' or `"
                                + directive.text() + " off'");
                return Optional.empty();
            }
        }
    }

    /** An address of either family. */
    public Optional<IpAddress> address(Token directive, Token value) {
        Optional<IpAddress> address = literal(value.text());
        if (address.isEmpty()) {
            findings.error(
                    directive,
                    "`" + value.text()
                            + "' is not an IPv4 or IPv6 address: write one such as 192.0.2.1 or 2001:db8::1");
        }
        return address;
    }

    /** An address of one family. */
    public Optional<IpAddress> address(Token directive, Token value, boolean ipv6) {
        Optional<IpAddress> address = literal(value.text());
        if (address.isEmpty() || (address.get().family() == Family.IPV6) != ipv6) {
            findings.error(
                    directive,
                    "`" + value.text() + "' is not an " + (ipv6 ? "IPv6" : "IPv4") + " address: write one such as "
                            + (ipv6 ? "2001:db8::1" : "192.0.2.1"));
            return Optional.empty();
        }
        return address;
    }

    /** An address with an optional {@code /length}; without it the prefix is the whole address. */
    public Optional<AddressPrefix> prefix(Token directive, Token value) {
        String text = value.text();
        int slash = text.indexOf('/');
        Token addressPart = slash < 0 ? value : value.with(text.substring(0, slash));
        Optional<IpAddress> address = address(directive, addressPart);
        if (address.isEmpty() || slash < 0) {
            return address.map(whole -> new AddressPrefix(whole, bits(whole)));
        }
        int bits = bits(address.get());
        String length = text.substring(slash + 1);
        if (length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= bits) {
            return Optional.of(new AddressPrefix(address.get(), Integer.parseInt(length)));
        }
        findings.error(
                directive, "`" + text + "' has no valid prefix length: write " + address.get() + "/0 to /" + bits);
        return Optional.empty();
    }

    /** The name of a network interface: 1 to 15 characters without blank or slash (Linux IFNAMSIZ). */
    public Optional<String> interfaceName(Token directive, Token value) {
        String name = value.text();
        boolean valid = name.length() <= 15
                && !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || c <= ' ');
        if (!valid) {
            findings.error(
                    directive,
                    "`" + name + "' cannot be the name of an interface (1 to 15 characters without `/',"
                            + " `:' and blanks): `ip link' lists the names");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    /** Whether a text is an address. */
    public boolean isAddress(String text) {
        return literal(text).isPresent();
    }

    private static Optional<IpAddress> literal(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static int bits(IpAddress address) {
        return address.family().addressOctets() * Byte.SIZE;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
