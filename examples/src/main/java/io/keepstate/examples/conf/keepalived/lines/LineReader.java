// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import io.keepstate.examples.conf.ConfigurationFile;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.keepalived.lines.IncludeChecks.Check;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a file and those it includes, line by line: drops comments, keeps the lines whose {@code @condition} holds, takes
 * {@code $NAME=VALUE} definitions out and puts their values in, repeats the lines of {@code ~SEQ} and {@code ~LST}.
 *
 * <p>Included files are found before conditions and parameters are looked at, as in keepalived: an {@code include} cannot
 * be conditional.
 */
public final class LineReader {
    private static final Pattern INCLUDE = Pattern.compile("(include[rmwba]?)\\s+(\\S.*)");
    private static final Pattern INCLUDE_CHECK = Pattern.compile("include_check(?:\\s+(.*))?");
    private static final Pattern CONDITION = Pattern.compile("@(\\^?)(\\S*)(?:\\s+(.*))?", Pattern.DOTALL);
    private static final Pattern RANDOM_SEED = Pattern.compile("random_seed\\s+([0-9]{1,10})");
    private static final int DEEPEST_INCLUDE = 32;
    private static final int DEEPEST_REPLACEMENT = 128;
    private static final int MOST_LINES = 1_000_000;

    private final Findings findings;
    private final String configId;
    private final Parameters parameters = new Parameters();
    private final List<Line> lines = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private final Deque<Path> open = new ArrayDeque<>();
    private Set<Check> checks = EnumSet.noneOf(Check.class);
    private String file = "";
    private String directory = "";
    private int number;
    private boolean full;

    /** A reader for the machine that goes by the given name in {@code @conditions}. */
    public LineReader(String configId, Findings findings) {
        this.configId = configId;
        this.findings = findings;
    }

    /** Adds the lines of a text that came from the given file. */
    public void read(Path path, String text) {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        String outerFile = file;
        String outerDirectory = directory;
        int outerNumber = number;
        Set<Check> outerChecks = checks;
        file = path.toString();
        directory = parent == null ? "/" : parent.toString();
        if (!files.contains(file)) {
            files.add(file);
        }
        open.push(absolute);
        physicalLines(text);
        open.pop();
        file = outerFile;
        directory = outerDirectory;
        number = outerNumber;
        checks = outerChecks;
    }

    /** What was read. */
    public List<Line> lines() {
        return lines;
    }

    /** The files in the order they were opened. */
    public List<String> files() {
        return files;
    }

    private void physicalLines(String text) {
        String definedName = "";
        List<String> definedLines = new ArrayList<>();
        StringBuilder continued = new StringBuilder();
        number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = withoutComment(raw).strip();
            checkSecret(raw, continued.isEmpty() ? line : continued + " " + line, definedName);
            boolean more = line.endsWith("\\") && !line.endsWith("\\\\");
            String content = more ? line.substring(0, line.length() - 1).strip() : line;
            if (!definedName.isEmpty()) {
                if (!content.isEmpty()) {
                    definedLines.add(content);
                }
                if (!more && !line.isEmpty()) {
                    parameters.define(definedName, definedLines);
                    definedName = "";
                    definedLines = new ArrayList<>();
                }
                continue;
            }
            Optional<Parameters.Definition> definition = parameters.definition(content);
            if (more && continued.isEmpty() && definition.isPresent()) {
                definedName = definition.get().name();
                if (!definition.get().value().isEmpty()) {
                    definedLines.add(definition.get().value());
                }
                continue;
            }
            continued.append(continued.isEmpty() ? "" : " ").append(content);
            if (!more) {
                included(continued.toString());
                continued.setLength(0);
            }
        }
        if (!definedName.isEmpty()) {
            parameters.define(definedName, definedLines);
        }
        if (!continued.isEmpty()) {
            included(continued.toString());
        }
    }

    /** Any parameter may hold a secret, or a part of one. */
    private void checkSecret(String raw, String text, String definedName) {
        int cut = withoutComment(raw).length();
        if (cut == raw.length()) {
            return;
        }
        String name = definedName.isEmpty() ? definedParameter(text) : definedName;
        Optional<String> secret = name.isEmpty() || !CutSecret.isGlued(raw, cut)
                ? CutSecret.find(raw, cut, text)
                : Optional.of("$" + name);
        secret.ifPresent(directive -> findings.warn(
                at(directive),
                "the `" + raw.charAt(cut) + "' in this line begins a comment, the value ends before it: put the value"
                        + " into double quotes, or a blank before the comment"));
    }

    private String definedParameter(String text) {
        Matcher condition = CONDITION.matcher(text);
        String unconditional = condition.matches() && condition.group(3) != null ? condition.group(3) : text;
        return parameters
                .definition(unconditional)
                .map(Parameters.Definition::name)
                .orElse("");
    }

    private void included(String text) {
        Matcher include = INCLUDE.matcher(text);
        if (include.matches()) {
            Set<Check> own = IncludeChecks.ofKeyword(include.group(1));
            if (own != null) {
                own.addAll(checks);
                include(at(include.group(1)), include.group(2).replace("\"", "").strip(), own);
            }
            return;
        }
        line(text, 0);
    }

    private void include(Token at, String name, Set<Check> own) {
        IncludePattern pattern = new IncludePattern(name);
        List<IncludePattern> alternatives = pattern.alternatives();
        for (IncludePattern one : alternatives) {
            List<Path> found = one.files(Path.of(directory));
            if (found.isEmpty()) {
                Check needed = alternatives.size() > 1
                        ? Check.BRACE_MATCH
                        : one.hasWildcards() ? Check.WILDCARD_MATCH : Check.MATCH;
                missing(at, one, own.contains(needed));
            }
            for (Path path : found) {
                open(at, path, own);
            }
        }
    }

    private void missing(Token at, IncludePattern pattern, boolean isError) {
        String message = "no file matches " + pattern.text() + " (looked for from " + directory + "): check the name";
        if (isError) {
            findings.error(at, message);
        } else if (!pattern.hasWildcards()) {
            findings.warn(at, message);
        }
    }

    private void open(Token at, Path path, Set<Check> own) {
        Path absolute = path.toAbsolutePath().normalize();
        if (open.contains(absolute)) {
            findings.error(at, absolute + " includes itself, directly or through others: break the circle");
            return;
        }
        if (open.size() >= DEEPEST_INCLUDE) {
            findings.error(at, "files include one another more than " + DEEPEST_INCLUDE + " deep: flatten them");
            return;
        }
        try {
            read(path, ConfigurationFile.text(path));
        } catch (IOException e) {
            String message = absolute + " cannot be read: check that it is a file and its permissions";
            if (own.contains(Check.READABLE)) {
                findings.error(at, message);
            } else {
                findings.warn(at, message);
            }
        }
    }

    private void line(String raw, int depth) {
        String text = raw.strip();
        if (text.isEmpty() || full) {
            return;
        }
        if (depth > DEEPEST_REPLACEMENT) {
            findings.error(at(text), "its parameters refer to one another without end: break the circle");
            return;
        }
        if (text.startsWith("@")) {
            conditional(text, depth);
            return;
        }
        Optional<Parameters.Definition> definition = parameters.definition(text);
        if (definition.isPresent()) {
            parameters.define(definition.get().name(), List.of(definition.get().value()));
        } else if (Repetition.isAt(text)) {
            repeat(text, depth);
        } else {
            replace(text, depth);
        }
    }

    private void conditional(String text, int depth) {
        Matcher condition = CONDITION.matcher(text);
        if (condition.matches() && condition.group(3) != null) {
            boolean same = condition.group(2).equals(configId);
            if (same == condition.group(1).isEmpty()) {
                line(condition.group(3), depth);
            }
        }
    }

    private void repeat(String text, int depth) {
        int end = Repetition.end(text);
        if (end >= 0) {
            Optional<Parameters.Replacement> inside = parameters.replaceFirst(text.substring(0, end), predefined());
            if (inside.isPresent() && inside.get().value().size() == 1) {
                Parameters.Replacement replaced = inside.get();
                line(replaced.before() + replaced.value().get(0) + replaced.after() + text.substring(end), depth + 1);
                return;
            }
        }
        try {
            Repetition repetition = Repetition.parse(text);
            for (Map<String, String> round : repetition.rounds()) {
                round.forEach((name, value) -> parameters.define(name, List.of(value)));
                line(repetition.rest(), depth + 1);
            }
        } catch (IllegalArgumentException e) {
            findings.error(at(text), String.valueOf(e.getMessage()));
        }
    }

    private void replace(String text, int depth) {
        Optional<Parameters.Replacement> found = parameters.replaceFirst(text, predefined());
        if (found.isEmpty()) {
            emit(text);
            return;
        }
        List<String> value = found.get().value();
        for (int i = 0; i < value.size(); i++) {
            String before = i == 0 ? found.get().before() : "";
            String after = i == value.size() - 1 ? found.get().after() : "";
            line(before + value.get(i) + after, depth + 1);
        }
    }

    private void emit(String text) {
        if (lines.size() == MOST_LINES) {
            full = true;
            findings.error(at(text), "sequences and parameters make more than " + MOST_LINES + " lines: shorten them");
            return;
        }
        parameters
                .undefined(text)
                .ifPresent(name -> findings.invalid(
                        at("${" + name + "}"),
                        "no parameter of this name is defined before this line: add `$" + name + "=VALUE' above it"));
        Matcher seed = RANDOM_SEED.matcher(text);
        Matcher includeCheck = INCLUDE_CHECK.matcher(text);
        if (seed.matches()) {
            parameters.seed(Long.parseLong(seed.group(1)));
        } else if (includeCheck.matches()) {
            includeCheck(includeCheck.group(1) == null ? "" : includeCheck.group(1));
        }
        lines.add(new Line(text, file, number));
    }

    private void includeCheck(String arguments) {
        try {
            checks = IncludeChecks.changed(checks, arguments);
        } catch (IllegalArgumentException e) {
            findings.invalid(
                    at("include_check"),
                    "`" + arguments + "' is not a list of readable, match, wildcard_match and brace_match: write one");
        }
    }

    private Map<String, String> predefined() {
        return Map.of("_PWD", directory, "_INSTANCE", configId, "_HASH", "#", "_BANG", "!");
    }

    private Token at(String text) {
        return new Token(Token.Kind.WORD, text, file, number, number);
    }

    /** Up to the first {@code #} or {@code !} outside of double quotes. */
    static String withoutComment(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '#' || c == '!')) {
                return line.substring(0, i);
            }
        }
        return line;
    }
}
