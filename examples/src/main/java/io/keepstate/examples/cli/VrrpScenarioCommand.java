// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.examples.dump.ScenarioPrinter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keepstate vrrp-scenario}. */
@Command(
        name = "vrrp-scenario",
        header = "Plays a script of virtual routers and timed events.",
        description = {
            "Prints, a line each, what happens: states with their reasons, packets sent, received and rejected, timers."
                    + " On virtual time, with the state machines of the daemon. Lines that begin with `expect' make the"
                    + " script a test. The language is docs/vrrp-scenario.md."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all expectations are met",
            "1:an expectation is not met",
            "2:the script cannot be read or played"
        },
        mixinStandardHelpOptions = true)
final class VrrpScenarioCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The script; - for standard input.")
    private Path file = Path.of("-");

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Option(names = "--quiet", description = "Prints only the expectations that are not met.")
    private boolean quiet;

    @Override
    public Integer call() {
        return new ScenarioPrinter(System.out, System.err, json, quiet).play(file);
    }
}
