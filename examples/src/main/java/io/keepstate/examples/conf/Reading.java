// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The outcome of reading one file: the configuration when nothing makes it unusable, and the findings in any case.
 *
 * @param <T> the configuration record
 * @param configuration present unless there is an error
 * @param findings in file order
 */
public record Reading<T>(Optional<T> configuration, List<Finding> findings) {
    /** Copies the findings. */
    public Reading {
        findings = List.copyOf(findings);
    }

    /** The errors among the findings. */
    public List<Finding> errors() {
        return findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }

    /**
     * The configuration of a file known to be good.
     *
     * @throws NoSuchElementException naming the errors, if there are any
     */
    public T get() {
        return configuration.orElseThrow(() -> new NoSuchElementException(errors().toString()));
    }
}
