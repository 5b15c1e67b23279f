// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * keepalived's {@code --config-test}: reads a configuration, looks at it and at the machine, and judges.
 *
 * @param findings everything found, in file order
 * @param exitCode keepalived's: {@link #GOOD}, {@link #WRONG} or {@link #INSECURE}
 */
public record ConfigurationVerdict(List<Finding> findings, int exitCode) {
    /** Nothing that keepalived would complain about. */
    public static final int GOOD = 0;
    /** Something is wrong, whether or not the rest can be used. */
    public static final int WRONG = 5;
    /** Root would run scripts, and {@code enable_script_security} is not given. */
    public static final int INSECURE = 6;

    private static final String SCRIPT_SECURITY = "enable_script_security";

    /** Copies the findings. */
    public ConfigurationVerdict {
        findings = List.copyOf(findings);
    }

    /**
     * Tests a file.
     *
     * @param configId what {@code @conditions} are compared with
     */
    public static ConfigurationVerdict of(Path file, String configId, Surroundings machine) {
        return of(KeepalivedReader.read(file, configId), file.toString(), machine);
    }

    /** Judges what was read from a file of that name. */
    static ConfigurationVerdict of(Reading<KeepalivedConfig> read, String file, Surroundings machine) {
        Reading<KeepalivedConfig> reading = AdvertRoom.fit(read, file, machine);
        List<Finding> findings = new ArrayList<>(reading.findings());
        boolean insecure = false;
        if (reading.configuration().isPresent()) {
            MachineReview review = new MachineReview(reading.configuration().get(), file, machine);
            findings.addAll(review.run());
            insecure = review.isInsecure();
        }
        findings.sort(Comparator.comparing((Finding finding) -> !finding.file().equals(file))
                .thenComparing(Finding::file)
                .thenComparingInt(Finding::line));
        if (insecure) {
            findings.add(new Finding(
                    Severity.INVALID,
                    file,
                    0,
                    SCRIPT_SECURITY,
                    "scripts run as root without a check of who could change them: add `enable_script_security' to"
                            + " global_defs, or `script_user NAME'"));
        }
        return new ConfigurationVerdict(findings, insecure ? INSECURE : isWrong(findings) ? WRONG : GOOD);
    }

    private static boolean isWrong(List<Finding> findings) {
        return findings.stream()
                .anyMatch(finding -> finding.severity() == Severity.ERROR || finding.severity() == Severity.INVALID);
    }
}
