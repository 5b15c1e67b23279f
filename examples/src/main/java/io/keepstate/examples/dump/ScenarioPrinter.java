// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.testkit.scenario.Scenario;
import io.keepstate.testkit.scenario.ScenarioEvent;
import io.keepstate.testkit.scenario.ScenarioException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code keepstate vrrp-scenario}: a script to lines. */
public final class ScenarioPrinter {
    /** All expectations are met. */
    public static final int MET = 0;
    /** At least one is not. */
    public static final int NOT_MET = 1;
    /** The script cannot be read or played. */
    public static final int CANNOT_RUN = 2;

    private static final int NANO_DIGITS = 9;

    private final PrintStream out;
    private final PrintStream err;
    private final JsonObjects json;
    private final boolean asJson;
    private final boolean quiet;

    /** Prints events to {@code out}, in JSON or not, or not at all; what is wrong to {@code err}. */
    public ScenarioPrinter(PrintStream out, PrintStream err, boolean asJson, boolean quiet) {
        this.out = new PrintStream(new BufferedOutputStream(out, 1 << 16), false, StandardCharsets.UTF_8);
        this.err = err;
        this.json = new JsonObjects();
        this.asJson = asJson;
        this.quiet = quiet;
    }

    /** Plays a script, {@code -} for standard input, and answers the exit code. */
    public int play(Path file) {
        try {
            Scenario scenario = read(file);
            List<Scenario.Failure> failures = scenario.run(this::print);
            out.flush();
            failures.forEach(err::println);
            return failures.isEmpty() ? MET : NOT_MET;
        } catch (ScenarioException e) {
            err.println(e.getMessage());
        } catch (NoSuchFileException e) {
            err.println("keepstate vrrp-scenario: " + file + ": there is no such file.");
        } catch (CharacterCodingException e) {
            err.println("keepstate vrrp-scenario: " + file + " is not text: a script is UTF-8.");
        } catch (IOException | UncheckedIOException e) {
            err.println("keepstate vrrp-scenario: " + file + " cannot be read: " + e.getMessage() + ".");
        }
        return CANNOT_RUN;
    }

    private static Scenario read(Path file) throws ScenarioException, IOException {
        if (file.toString().equals("-")) {
            return Scenario.parse("standard input", new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return Scenario.read(file);
    }

    private void print(ScenarioEvent event) {
        if (quiet) {
            return;
        }
        if (!asJson) {
            out.append(event.toString()).append('\n');
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", BigDecimal.valueOf(event.timeNanos(), NANO_DIGITS));
        fields.put("subject", event.subject());
        fields.put("event", event.kind().word());
        fields.putAll(event.fields());
        try {
            out.append(json.text(fields)).append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
