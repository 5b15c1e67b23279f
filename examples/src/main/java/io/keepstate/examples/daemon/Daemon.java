// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code keepstate daemon}: reads the files, opens logs, lock and control socket, and runs a node until it is told to end. */
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private Daemon() {}

    /** Runs a node; answers the exit code of the process. */
    public static int run(DaemonOptions options) {
        Settings settings = Settings.read(options.keepalivedConf(), options.conntrackdConf());
        settings.findings().forEach(Daemon::log);
        if (settings.hasErrors()) {
            LOG.error("the configuration cannot be used: mend the errors above and start again");
            return 1;
        }
        LOG.error("the node is not built yet");
        return 2;
    }

    private static void log(Finding finding) {
        switch (finding.severity()) {
            case ERROR -> LOG.error("{}", finding);
            case WARNING -> LOG.warn("{}", finding);
            case NOTE -> LOG.info("{}", finding);
        }
    }
}
