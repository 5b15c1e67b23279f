// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads scripts: a line is a definition, or a moment and what happens or is expected then. */
final class ScenarioParser {
    private static final int MAX_ROUTERS = 250;
    /** What some editors put in front of a text. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private static final long LONGEST_NANOS = 1_000_000_000_000_000_000L;

    private final String file;
    private final Map<String, RouterDefinition> routers = new LinkedHashMap<>();
    private final Map<String, GroupDefinition> groups = new LinkedHashMap<>();
    private final List<Scenario.Step> steps = new ArrayList<>();
    private final Statements statements = new Statements(routers, groups);
    private long nowNanos;
    private long seed;
    private long clockMillis = 1_700_000_000_000L;

    ScenarioParser(String file) {
        this.file = file;
    }

    Scenario parse(String text) throws ScenarioException {
        List<String> lines = text.startsWith(BYTE_ORDER_MARK)
                ? text.substring(1).lines().toList()
                : text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Words words = Words.of(file, i + 1, lines.get(i));
            if (!words.isEmpty()) {
                line(words, lines.get(i).strip());
            }
        }
        if (routers.isEmpty()) {
            throw new ScenarioException(file, Math.max(1, lines.size()), "there is no router; begin with `router R1'");
        }
        return new Scenario(file, seed, clockMillis, List.copyOf(routers.values()), groups, steps);
    }

    private void line(Words words, String text) throws ScenarioException {
        if (words.take("router")) {
            router(words);
        } else if (words.take("group")) {
            group(words);
        } else if (words.take("seed")) {
            seed(words);
        } else if (words.take("clock")) {
            clock(words);
        } else {
            step(words, text);
        }
    }

    private void router(Words words) throws ScenarioException {
        String name = newName(words, "the router's name");
        if (routers.size() >= MAX_ROUTERS) {
            throw words.wrong("more than " + MAX_ROUTERS + " routers");
        }
        routers.put(name, RouterDefinition.of(name, routers.size() + 1, words));
    }

    private void group(Words words) throws ScenarioException {
        String name = newName(words, "the group's name");
        List<String> members = new ArrayList<>();
        while (words.isPlain()) {
            String member = words.word("a router of the group");
            if (!routers.containsKey(member)) {
                throw words.wrong("there is no router " + member + " before this line; define it first");
            }
            boolean taken = members.contains(member) || groups.values().stream().anyMatch(others -> others.has(member));
            if (taken) {
                throw words.wrong("router " + member + " is in a group already; a router is in one group at most");
            }
            members.add(member);
        }
        if (members.isEmpty()) {
            throw words.wrong("the group has no members; name routers after its name");
        }
        groups.put(name, GroupDefinition.of(members, words));
    }

    private void seed(Words words) throws ScenarioException {
        String text = words.word("the seed");
        if (!text.matches("-?\\d{1,18}")) {
            throw words.wrong("seed " + text + ": it must be a whole number");
        }
        words.end();
        seed = Long.parseLong(text);
    }

    /** Seconds since 1970 at the beginning; what the sequence numbers of HMAC trailers are compared with. */
    private void clock(Words words) throws ScenarioException {
        String text = words.word("the seconds since 1970");
        if (!text.matches("\\d{1,10}(\\.\\d{1,3})?")) {
            throw words.wrong("clock " + text + ": it must be seconds since 1970, such as 1700000000 or 1700000000.5");
        }
        words.end();
        clockMillis = new BigDecimal(text).movePointRight(3).longValueExact();
    }

    private String newName(Words words, String what) throws ScenarioException {
        if (!steps.isEmpty()) {
            throw words.wrong("routers and groups come before everything that happens; move this line up");
        }
        String name = words.word(what);
        if (routers.containsKey(name) || groups.containsKey(name)) {
            throw words.wrong("there is a router or group " + name + " already; choose another name");
        }
        return name;
    }

    private void step(Words words, String text) throws ScenarioException {
        if (words.take("at")) {
            long at = words.time("the time after 'at'");
            if (at < nowNanos) {
                throw words.wrong("time would go back from " + ScenarioTime.text(nowNanos) + " to "
                        + ScenarioTime.text(at) + "; put the lines in the order of time");
            }
            nowNanos = at;
        } else if (words.take("after")) {
            nowNanos += words.time("the time after 'after'");
            if (nowNanos > LONGEST_NANOS) {
                throw words.wrong(ScenarioTime.text(nowNanos) + " is beyond the end of time, which is 1000000000s");
            }
        }
        String verb = words.word("what happens");
        if (verb.equalsIgnoreCase("expect")) {
            Expectation expectation = statements.expectation(words);
            steps.add(new Scenario.Step(words.line(), text, nowNanos, Optional.empty(), Optional.of(expectation)));
        } else if (verb.equalsIgnoreCase("wait")) {
            words.end();
            steps.add(new Scenario.Step(words.line(), text, nowNanos, Optional.empty(), Optional.empty()));
        } else {
            Scenario.Action action = statements.action(verb, words);
            steps.add(new Scenario.Step(words.line(), text, nowNanos, Optional.of(action), Optional.empty()));
        }
    }
}
