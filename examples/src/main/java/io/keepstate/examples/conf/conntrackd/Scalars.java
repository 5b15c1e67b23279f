// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Handlers for the directives that have one value, which is nearly all of conntrackd's. */
final class Scalars {
    private static final int LONGEST_NUMBER = 18; // digits that surely fit a long

    private final Statements in;
    private final Findings findings;

    Scalars(Statements in, Findings findings) {
        this.in = in;
        this.findings = findings;
    }

    /** Digits; a number beyond 2147483647 is taken as that. */
    Directives.Handler number(IntConsumer setter) {
        return name -> {
            Token value = in.take(name, "NUMBER", Set.of(Token.Kind.NUMBER));
            if (value != null) {
                setter.accept(toInt(name, value));
            }
        };
    }

    /** A number that is brought into a range; 0 stands for the default. */
    Directives.Handler bounded(int min, int max, IntConsumer setter) {
        return name -> number(value -> {
                    int used = value == 0 ? 0 : Math.max(min, Math.min(value, max));
                    if (used != value) {
                        findings.note(name, value + " is not in " + min + ".." + max + ", " + used + " is used");
                    }
                    setter.accept(used);
                })
                .read(name);
    }

    Directives.Handler signed(String remark) {
        return name -> {
            if (in.take(name, "-NUMBER (the sign is needed)", Set.of(Token.Kind.SIGNED_NUMBER)) != null) {
                findings.warn(name, remark);
            }
        };
    }

    Directives.Handler onOff(Consumer<Boolean> setter) {
        return name -> {
            Token value = in.take(name, "on|off", Set.of(Token.Kind.SWITCH));
            if (value != null) {
                setter.accept(isOn(value));
            }
        };
    }

    /** {@code on} stands for the default file. */
    Directives.Handler logFile(String byDefault, Consumer<Optional<String>> setter) {
        return name -> {
            Token value = in.take(name, "on|off|/PATH", Set.of(Token.Kind.SWITCH, Token.Kind.PATH));
            if (value != null && value.kind() == Token.Kind.SWITCH) {
                setter.accept(isOn(value) ? Optional.of(byDefault) : Optional.empty());
            } else if (value != null) {
                absolute(name, value, 256, path -> setter.accept(Optional.of(path)));
            }
        };
    }

    /** {@code on} stands for the facility daemon; a name that is none changes nothing. */
    Directives.Handler syslog(Consumer<Optional<SyslogFacility>> setter) {
        return name -> {
            Token value = in.take(name, "on|off|daemon|local0..local7", Set.of(Token.Kind.SWITCH, Token.Kind.WORD));
            if (value == null) {
                return;
            }
            if (value.kind() == Token.Kind.SWITCH) {
                setter.accept(isOn(value) ? Optional.of(SyslogFacility.DAEMON) : Optional.empty());
                return;
            }
            Optional<SyslogFacility> facility = SyslogFacility.named(value.text());
            if (facility.isPresent()) {
                setter.accept(facility);
            } else {
                findings.warn(
                        name,
                        "`" + value.text() + "' is no facility that can be named here, the line has no effect: write"
                                + " on, off, daemon or local0 to local7, in small letters");
            }
        };
    }

    Directives.Handler path(int longest, Consumer<String> setter) {
        return name -> {
            Token value = in.take(name, "/PATH", Set.of(Token.Kind.PATH));
            if (value != null) {
                absolute(name, value, longest, setter);
            }
        };
    }

    /** An address without a length; one that is wrong is left out with a warning, as conntrackd does. */
    Directives.Handler address(Family family, Consumer<IpAddress> setter) {
        String example = family == Family.IPV6 ? "2001:db8::1" : "192.0.2.1";
        return name -> {
            Token value = in.take(name, example, Set.of(Token.Kind.ADDRESS));
            if (value == null) {
                return;
            }
            IpAddress address = literal(value.text());
            if (address == null || address.family() != family) {
                findings.invalid(
                        name,
                        "`" + value.text() + "' is no " + familyName(family)
                                + " address, the line has no effect: write one such as " + example);
            } else {
                setter.accept(address);
            }
        };
    }

    static boolean isOn(Token value) {
        String text = value.text().toLowerCase(Locale.ROOT);
        return text.equals("on") || text.equals("yes");
    }

    /** An address, or null; a part of an IPv4 address that begins with 0 is octal, as inet_aton(3) has it. */
    static @Nullable IpAddress literal(String text) {
        try {
            return IpAddress.parse(text.indexOf(':') < 0 ? decimal(text) : text);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static String decimal(String address) {
        return Arrays.stream(address.split("\\.", -1))
                .map(part ->
                        part.length() > 1 && part.charAt(0) == '0' ? Integer.toString(Integer.parseInt(part, 8)) : part)
                .collect(Collectors.joining("."));
    }

    static String familyName(Family family) {
        return family == Family.IPV6 ? "IPv6" : "IPv4";
    }

    int toInt(Token name, Token value) {
        String digits = value.text();
        long number = digits.length() > LONGEST_NUMBER ? Long.MAX_VALUE : Long.parseLong(digits);
        if (number > Integer.MAX_VALUE) {
            findings.note(name, "`" + digits + "' is too large, " + Integer.MAX_VALUE + " is used");
        }
        return (int) Math.min(number, Integer.MAX_VALUE);
    }

    private void absolute(Token name, Token value, int longest, Consumer<String> setter) {
        if (value.text().getBytes(StandardCharsets.UTF_8).length > longest) {
            findings.error(name, "this path has more than " + longest + " octets: choose a shorter one");
        } else if (value.text().indexOf('\0') >= 0) {
            findings.error(name, "this path has a zero octet in it: write it anew");
        } else {
            setter.accept(value.text());
        }
    }
}
