// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What conntrackd's command line asks of the daemon.
 *
 * @param configFile conntrackd's file
 * @param keepstateConf our own file; without it {@code keepstate.conf} beside conntrackd's, if it is there
 * @param background whether the launcher waits until it runs, and then leaves it alone
 */
public record ConntrackdOptions(Path configFile, Optional<Path> keepstateConf, boolean background) {}
