// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A script of virtual routers, timed events and expectations, in the language of docs/vrrp-scenario.md. It is played on
 * virtual time with the state machines, the receive checks and the codec of {@code io.keepstate.vrrp}: what it shows is
 * what they do.
 */
public final class Scenario {

    /** One thing that is done at a moment. */
    @FunctionalInterface
    interface Action {
        void run(ScenarioRun run);
    }

    /** A timed line: either something that is done, or something that is expected. */
    record Step(int line, String text, long atNanos, Optional<Action> action, Optional<Expectation> expectation) {}

    /**
     * An expectation that was not met.
     *
     * @param file the script
     * @param line its line
     * @param text what the line says
     * @param found what was the case instead
     */
    public record Failure(String file, int line, String text, String found) {
        @Override
        public String toString() {
            return file + ":" + line + ": not met: " + text + System.lineSeparator() + "    found: " + found;
        }
    }

    private final String file;
    private final long seed;
    private final long clockMillis;
    private final List<RouterDefinition> routers;
    private final Map<String, GroupDefinition> groups;
    private final List<Step> steps;

    Scenario(
            String file,
            long seed,
            long clockMillis,
            List<RouterDefinition> routers,
            Map<String, GroupDefinition> groups,
            List<Step> steps) {
        this.file = file;
        this.seed = seed;
        this.clockMillis = clockMillis;
        this.routers = List.copyOf(routers);
        this.groups = new LinkedHashMap<>(groups);
        this.steps = List.copyOf(steps);
    }

    /**
     * Reads a script.
     *
     * @param file its name, for complaints
     * @throws ScenarioException if it cannot be played: with file, line, what is wrong and what would be right
     */
    public static Scenario parse(String file, String text) throws ScenarioException {
        return new ScenarioParser(file).parse(text);
    }

    /** Reads a script from a file. */
    public static Scenario read(Path file) throws ScenarioException, IOException {
        return parse(file.toString(), Files.readString(file));
    }

    /** How many expectations it has. */
    public int expectations() {
        return (int)
                steps.stream().filter(step -> step.expectation().isPresent()).count();
    }

    /**
     * Plays it from the beginning.
     *
     * @param listener is told everything that happens, in order
     * @return the expectations that were not met, in order
     */
    public List<Failure> run(Consumer<ScenarioEvent> listener) {
        ScenarioRun run = new ScenarioRun(seed, clockMillis, listener);
        run.build(routers, groups);
        List<Failure> failures = new ArrayList<>();
        for (Step step : steps) {
            if (step.action().isPresent()) {
                run.runTo(step.atNanos(), false);
                run.clearWindow();
                step.action().get().run(run);
                run.timers();
            } else {
                run.runTo(step.atNanos(), true);
            }
            step.expectation()
                    .flatMap(expected -> expected.check(run))
                    .ifPresent(found -> failures.add(new Failure(file, step.line(), step.text(), found)));
        }
        return failures;
    }
}
