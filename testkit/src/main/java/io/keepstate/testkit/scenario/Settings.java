// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.codec.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code name=value} words of a line. Whoever reads them asks for each by name; what nobody asked for is a mistake. */
final class Settings {
    private final Words words;
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    Settings(Words words) {
        this.words = words;
    }

    void add(String name, String value) {
        values.computeIfAbsent(name.toLowerCase(Locale.ROOT), each -> new ArrayList<>())
                .add(value);
    }

    /** Every value as it stands, by name: for expectations, whose names are those of events. */
    Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        values.forEach((name, list) -> all.put(name, String.join(",", list)));
        known.addAll(values.keySet());
        return all;
    }

    Optional<String> text(String name) throws ScenarioException {
        known.add(name);
        List<String> found = values.getOrDefault(name, List.of());
        if (found.size() > 1) {
            throw words.wrong(name + " is given twice; remove one");
        }
        return found.stream().findFirst();
    }

    /** All values of a name that may come again and may list several, separated by commas. */
    List<String> list(String name) {
        known.add(name);
        List<String> all = new ArrayList<>();
        values.getOrDefault(name, List.of()).forEach(value -> all.addAll(List.of(value.split(",", -1))));
        return all;
    }

    Optional<Integer> number(String name, int min, int max) throws ScenarioException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            int value = number(text.get());
            if (value >= min && value <= max) {
                return Optional.of(value);
            }
        } catch (NumberFormatException e) {
            // The complaint below says what is right.
        }
        throw words.wrong(name + "=" + text.get() + ": it must be a number from " + min + " to " + max);
    }

    /** Decimal, with zeros in front or without (no script means octal); hexadecimal behind 0x. */
    static int number(String text) {
        return text.regionMatches(true, 0, "0x", 0, 2)
                ? Integer.parseUnsignedInt(text.substring(2), 16)
                : Integer.parseInt(text);
    }

    Optional<Boolean> flag(String name) throws ScenarioException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return switch (text.get().toLowerCase(Locale.ROOT)) {
            case "yes", "true", "on" -> Optional.of(true);
            case "no", "false", "off" -> Optional.of(false);
            default -> throw words.wrong(name + "=" + text.get() + ": it must be yes or no");
        };
    }

    /** A constant of an enumeration, written in lower case. */
    <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) throws ScenarioException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> right = new ArrayList<>();
        for (E each : type.getEnumConstants()) {
            if (EventFields.lower(each).equalsIgnoreCase(text.get())) {
                return Optional.of(each);
            }
            right.add(EventFields.lower(each));
        }
        throw words.wrong(name + "=" + text.get() + ": it must be one of " + String.join(", ", right));
    }

    Optional<Duration> time(String name) throws ScenarioException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(ScenarioTime.parse(text.get())
                .map(Duration::ofNanos)
                .orElseThrow(() ->
                        words.wrong(name + "=" + text.get() + ": it must be a time such as 3.609375s, 100ms or 5us")));
    }

    Optional<IpAddress> address(String name) throws ScenarioException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(address(name, text.get()));
    }

    List<IpAddress> addresses(String name) throws ScenarioException {
        List<IpAddress> addresses = new ArrayList<>();
        for (String text : list(name)) {
            if (!text.isEmpty()) {
                addresses.add(address(name, text));
            }
        }
        return addresses;
    }

    Optional<byte[]> octets(String name) throws ScenarioException {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(text.get().replaceAll("[ :]", "")));
        } catch (IllegalArgumentException e) {
            throw words.wrong(name + "=" + text.get() + ": it must be octets in hexadecimal, such as 3133c801");
        }
    }

    boolean has(String name) {
        known.add(name);
        return values.containsKey(name);
    }

    /** Complains of a name that nobody asked for. */
    void end() throws ScenarioException {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw words.wrong("there is no setting '" + name + "' here; there are " + String.join(", ", known));
            }
        }
    }

    private IpAddress address(String name, String text) throws ScenarioException {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw words.wrong(name + ": " + e.getMessage());
        }
    }
}
