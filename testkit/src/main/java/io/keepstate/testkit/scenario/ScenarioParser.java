// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads scripts: a line is a definition, or a moment and what happens or is expected then. */
final class ScenarioParser {
    private static final int MAX_ROUTERS = 250;

    private final String file;
    private final Map<String, RouterDefinition> routers = new LinkedHashMap<>();
    private final Map<String, List<String>> groups = new LinkedHashMap<>();
    private final List<Scenario.Step> steps = new ArrayList<>();
    private final Statements statements = new Statements(routers, groups);
    private long nowNanos;
    private long seed;

    ScenarioParser(String file) {
        this.file = file;
    }

    Scenario parse(String text) throws ScenarioException {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Words words = Words.of(file, i + 1, lines.get(i));
            if (!words.isEmpty()) {
                line(words, lines.get(i).strip());
            }
        }
        if (routers.isEmpty()) {
            throw new ScenarioException(file, Math.max(1, lines.size()), "there is no router; begin with `router R1'");
        }
        return new Scenario(file, seed, List.copyOf(routers.values()), groups, steps);
    }

    private void line(Words words, String text) throws ScenarioException {
        if (words.take("router")) {
            router(words);
        } else if (words.take("group")) {
            group(words);
        } else if (words.take("seed")) {
            seed(words);
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
        while (!words.isEmpty()) {
            String member = words.word("a router of the group");
            if (!routers.containsKey(member)) {
                throw words.wrong("there is no router " + member + " before this line; define it first");
            }
            boolean taken =
                    members.contains(member) || groups.values().stream().anyMatch(others -> others.contains(member));
            if (taken) {
                throw words.wrong("router " + member + " is in a group already; a router is in one group at most");
            }
            members.add(member);
        }
        if (members.isEmpty()) {
            throw words.wrong("the group has no members; name routers after its name");
        }
        groups.put(name, members);
    }

    private void seed(Words words) throws ScenarioException {
        String text = words.word("the seed");
        if (!text.matches("-?\\d{1,18}")) {
            throw words.wrong("seed " + text + ": it must be a whole number");
        }
        words.end();
        seed = Long.parseLong(text);
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
