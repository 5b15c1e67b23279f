// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

/** What runs on a firewall machine and makes it a node. Not thread-safe. */
interface NodeSoftware {
    /** Starts it with the configuration files that are on the machine. */
    void start();

    /** Stops it cleanly (SIGTERM) and waits for its end. */
    void stop();

    /** Whether all of it still runs. */
    boolean running();

    /** Its files. */
    void configure(String keepalivedConf, String conntrackdConf);
}
