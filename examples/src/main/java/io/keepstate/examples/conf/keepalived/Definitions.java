// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.keepalived.TrackLines.Weight;
import io.keepstate.vrrp.InterfaceDelays;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TrackedFile;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.TrackedProcess;
import io.keepstate.vrrp.TrackedScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what can be tracked: {@code vrrp_script}, {@code track_file}, {@code vrrp_track_process}, and the delays of links. */
final class Definitions {
    private static final int LONGEST_INTERVAL = 1_000_000; // seconds; keepalived's own bound
    private static final int MOST_COUNT = 1_000_000;
    private static final int LONGEST_LINK_DELAY = 255;

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;
    private final List<TrackedScript> scripts = new ArrayList<>();
    private final List<TrackedFile> files = new ArrayList<>();
    private final List<TrackedProcess> processes = new ArrayList<>();
    private final Map<String, InterfaceDelays> delays = new LinkedHashMap<>();
    private final Map<Tracked, Weight> weights = new HashMap<>();
    private final Map<String, NotifyCommand> commands = new LinkedHashMap<>();

    Definitions(BlockReader in, Arguments arguments, Findings findings) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
    }

    Directives addTo(Directives table) {
        return table.on("vrrp_script", this::script)
                .on("track_file", this::file, "vrrp_track_file")
                .on("vrrp_track_process", this::process, "track_process")
                .on("interface_up_down_delays", this::linkDelays);
    }

    /** The weight a definition gives; empty if there is no definition. */
    Optional<Weight> weight(Tracked what) {
        return Optional.ofNullable(weights.get(what));
    }

    /** The lines of the scripts, to be checked on this machine. */
    List<NotifyCommand> commands() {
        return List.copyOf(commands.values());
    }

    /** The weight of each process, negative if reversed. */
    Map<String, Integer> processWeights() {
        Map<String, Integer> byName = new HashMap<>();
        weights.forEach((what, weight) -> {
            if (what.kind() == Tracked.Kind.PROCESS) {
                byName.put(what.name(), weight.reverse() ? -weight.value() : weight.value());
            }
        });
        return byName;
    }

    /** Everything that was defined. */
    TrackedObjects objects(boolean dynamicInterfaces, Optional<RunAs> scriptUser) {
        List<TrackedScript> withUser = scripts.stream()
                .map(script -> script.user().isPresent() ? script : runAs(script, scriptUser))
                .toList();
        return new TrackedObjects(withUser, files, processes, List.copyOf(delays.values()), dynamicInterfaces);
    }

    private static TrackedScript runAs(TrackedScript script, Optional<RunAs> user) {
        return new TrackedScript(
                script.name(),
                script.command(),
                script.interval(),
                script.timeout(),
                script.rise(),
                script.fall(),
                script.initFail(),
                user.map(RunAs::user),
                user.flatMap(RunAs::group));
    }

    /** What a script block collects. */
    private static final class Script {
        Optional<NotifyCommand> command = Optional.empty();
        Duration interval = TrackedScript.DEFAULT_INTERVAL;
        Optional<Duration> timeout = Optional.empty();
        int rise = 1;
        int fall = 1;
        boolean initFail;
        Optional<RunAs> user = Optional.empty();
        Weight weight = Weight.NONE;
    }

    private void script(Token block) {
        String name = arguments.name(block);
        if (name.isEmpty()) {
            in.skip(block);
            return;
        }
        Script script = new Script();
        in.block(
                block,
                new Directives()
                        .on("script", at -> script.command = arguments.command(at))
                        .on(
                                "interval",
                                at -> arguments.seconds(at, 0.001, LONGEST_INTERVAL, it -> script.interval = it))
                        .on(
                                "timeout",
                                at -> arguments.seconds(
                                        at, 0.001, LONGEST_INTERVAL, it -> script.timeout = Optional.of(it)))
                        .on(
                                "weight",
                                at -> TrackLines.ofDefinition(at, arguments.all(at), 253, findings, arguments.values())
                                        .ifPresent(it -> script.weight = it))
                        .on("rise", at -> arguments.integer(at, 1, MOST_COUNT, it -> script.rise = it))
                        .on("fall", at -> arguments.integer(at, 1, MOST_COUNT, it -> script.fall = it))
                        .on("user", at -> script.user = arguments.runAs(at, arguments.all(at), 0))
                        .on("init_fail", at -> arguments.bare(at, () -> script.initFail = true)));
        Optional<NotifyCommand> command = script.command;
        if (command.isEmpty()) {
            findings.error(block, "script " + name + " runs nothing: add `script \"/path/to/script\"'");
        } else if (define(block, new Tracked(Tracked.Kind.SCRIPT, name), script.weight)) {
            commands.put(name, withUser(command.get(), script.user));
            scripts.add(new TrackedScript(
                    name,
                    command.get().argv(),
                    script.interval,
                    script.timeout.orElse(script.interval),
                    script.rise,
                    script.fall,
                    script.initFail,
                    script.user.map(RunAs::user),
                    script.user.flatMap(RunAs::group)));
        }
    }

    private static NotifyCommand withUser(NotifyCommand command, Optional<RunAs> user) {
        return new NotifyCommand(
                command.argv(), user.isPresent() ? user : command.runAs(), command.file(), command.line());
    }

    /** What a file block collects. */
    private static final class File {
        Optional<Token> path = Optional.empty();
        OptionalInt initialValue = OptionalInt.empty();
        boolean overwrite;
        Weight weight = new Weight(1, false);
    }

    private void file(Token block) {
        String name = arguments.name(block);
        if (name.isEmpty()) {
            in.skip(block);
            return;
        }
        File file = new File();
        in.block(
                block,
                new Directives()
                        .on("file", at -> file.path = Optional.ofNullable(arguments.one(at, "\"/path/to/file\"")))
                        .on(
                                "weight",
                                at -> TrackLines.ofDefinition(at, arguments.all(at), 254, findings, arguments.values())
                                        .ifPresent(it -> file.weight = it))
                        .on("init_file", at -> initFile(at, file)));
        if (file.path.isEmpty() || !file.path.get().text().startsWith("/")) {
            findings.error(
                    block, "tracked file " + name + " needs the whole path of a file: add `file \"/path/to/file\"'");
        } else if (define(block, new Tracked(Tracked.Kind.FILE, name), file.weight)) {
            files.add(new TrackedFile(name, file.path.get().text(), file.initialValue, file.overwrite));
        }
    }

    private void initFile(Token at, File file) {
        file.initialValue = OptionalInt.of(0);
        for (Token word : arguments.all(at)) {
            if (word.text().equals("overwrite")) {
                file.overwrite = true;
            } else {
                arguments.values().integer(at, word, -254, 254).ifPresent(it -> file.initialValue = OptionalInt.of(it));
            }
        }
    }

    /** What a process block collects. */
    private static final class ProcessBlock {
        List<Token> words = List.of();
        TrackedProcess.ParameterMatch match = TrackedProcess.ParameterMatch.EXACT;
        boolean matchGiven;
        boolean fullCommand;
        int quorum = 1;
        OptionalInt quorumMax = OptionalInt.empty();
        Duration forkDelay = Duration.ZERO;
        Duration terminateDelay = Duration.ZERO;
        Weight weight = Weight.NONE;
    }

    private void process(Token block) {
        String name = arguments.name(block);
        if (name.isEmpty()) {
            in.skip(block);
            return;
        }
        ProcessBlock process = new ProcessBlock();
        in.block(
                block,
                new Directives()
                        .on("process", at -> process.words = arguments.all(at))
                        .on("param_match", at -> parameterMatch(at, process))
                        .on(
                                "weight",
                                at -> TrackLines.ofDefinition(at, arguments.all(at), 254, findings, arguments.values())
                                        .ifPresent(it -> process.weight = it))
                        .on("quorum", at -> arguments.integer(at, 1, 65_535, it -> process.quorum = it))
                        .on(
                                "quorum_max",
                                at -> arguments.integer(at, 0, 65_535, it -> process.quorumMax = OptionalInt.of(it)))
                        .on("fork_delay", at -> arguments.seconds(at, 0, 3_600, it -> process.forkDelay = it))
                        .on("terminate_delay", at -> arguments.seconds(at, 0, 3_600, it -> process.terminateDelay = it))
                        .on(
                                "delay",
                                at -> arguments.seconds(at, 0, 3_600, it -> {
                                    process.forkDelay = it;
                                    process.terminateDelay = it;
                                }))
                        .on("full_command", at -> arguments.bare(at, () -> process.fullCommand = true)));
        if (process.words.isEmpty()) {
            findings.error(block, "process " + name + " has no program: add `process NAME'");
        } else if (define(block, new Tracked(Tracked.Kind.PROCESS, name), process.weight)) {
            add(block, name, process);
        }
    }

    private void parameterMatch(Token at, ProcessBlock process) {
        Token value = arguments.one(at, "initial");
        if (value == null) {
            return;
        }
        process.matchGiven = true;
        switch (value.text()) {
            case "initial" -> process.match = TrackedProcess.ParameterMatch.INITIAL;
            case "partial" -> process.match = TrackedProcess.ParameterMatch.PARTIAL;
            default -> findings.invalid(at, "`" + value.text() + "' is neither initial nor partial: write one of them");
        }
    }

    private void add(Token block, String name, ProcessBlock process) {
        List<String> words = process.words.stream().map(Token::text).toList();
        try {
            // Only by asking for a match can one say that a command has no parameters at all.
            boolean none = words.size() == 1 && process.matchGiven;
            processes.add(new TrackedProcess(
                    name,
                    words.get(0),
                    words.subList(1, words.size()),
                    none ? TrackedProcess.ParameterMatch.EXACT : process.match,
                    process.fullCommand || none,
                    process.quorum,
                    process.quorumMax,
                    process.forkDelay,
                    process.terminateDelay));
        } catch (IllegalArgumentException e) {
            findings.error(block, String.valueOf(e.getMessage()));
        }
    }

    private boolean define(Token block, Tracked what, Weight weight) {
        if (weights.putIfAbsent(what, weight) != null) {
            findings.invalid(block, "a second definition of " + what + ", it is ignored: give it another name");
            return false;
        }
        return true;
    }

    private void linkDelays(Token block) {
        for (List<Token> words : in.lines(block)) {
            Token name = words.get(0);
            if (words.size() < 2) {
                findings.warn(
                        name,
                        "a value is missing, no delay is used: write `" + name.text() + " DOWN_SECONDS [UP_SECONDS]'");
                continue;
            }
            Optional<Duration> down = arguments.values().duration(name, words.get(1), 0, LONGEST_LINK_DELAY);
            Optional<Duration> up =
                    words.size() > 2 ? arguments.values().duration(name, words.get(2), 0, LONGEST_LINK_DELAY) : down;
            if (down.isPresent() && up.isPresent()) {
                delays.put(name.text(), new InterfaceDelays(name.text(), down.get(), up.get()));
            }
        }
    }
}
