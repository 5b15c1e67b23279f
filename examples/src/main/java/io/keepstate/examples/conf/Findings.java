// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import java.util.ArrayList;
import java.util.List;

/** Collects the findings of one file, in file order. Not thread-safe. */
public final class Findings {
    private final String file;
    private final List<Finding> list = new ArrayList<>();

    /** A collector for the file of that name. */
    public Findings(String file) {
        this.file = file;
    }

    /** Adds an error at a directive. */
    public void error(Token at, String message) {
        add(Severity.ERROR, at, message);
    }

    /** Adds a remark that something at a directive is wrong and is left out or replaced. */
    public void invalid(Token at, String message) {
        add(Severity.INVALID, at, message);
    }

    /** Adds a warning at a directive. */
    public void warn(Token at, String message) {
        add(Severity.WARNING, at, message);
    }

    /** Adds a note at a directive. */
    public void note(Token at, String message) {
        add(Severity.NOTE, at, message);
    }

    /** Adds an error about the file as a whole. */
    public void error(String message) {
        add(Severity.ERROR, 0, "", message);
    }

    /** Adds a finding. */
    public void add(Severity severity, int line, String directive, String message) {
        list.add(new Finding(severity, file, line, directive, message));
    }

    /** Adds a finding at a directive. */
    public void add(Severity severity, Token at, String message) {
        list.add(new Finding(severity, at.file().isEmpty() ? file : at.file(), at.line(), at.text(), message));
    }

    /** Whether any finding makes the file unusable. */
    public boolean hasErrors() {
        return list.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    /** What was found so far, as an immutable copy. */
    public List<Finding> list() {
        return List.copyOf(list);
    }
}
