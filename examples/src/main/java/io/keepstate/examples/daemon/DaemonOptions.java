// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code keepstate daemon} was started with.
 *
 * @param keepalivedConf keepalived's file; without it the node takes part in no election
 * @param conntrackdConf conntrackd's file; without it the node replicates nothing
 * @param keepstateConf our own file; without it {@code keepstate.conf} beside conntrackd's, if it is there
 * @param withoutSync opens no sync socket, the negative control of the demo
 */
public record DaemonOptions(
        Optional<Path> keepalivedConf,
        Optional<Path> conntrackdConf,
        Optional<Path> keepstateConf,
        boolean withoutSync) {}
