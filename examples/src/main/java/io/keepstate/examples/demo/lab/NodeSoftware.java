// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

/** What runs on a firewall machine and makes it a node. Steered by one thread; any may ask whether it is running. */
interface NodeSoftware {
    /** Its files, as the reference setup has them for keepalived and conntrackd. */
    void configure(String keepalivedConf, String conntrackdConf);

    /** Starts it with the configuration files that are on the machine. */
    void start();

    /** Stops it cleanly (SIGTERM) and waits for its end. */
    void stop();

    /** Whether all of it still runs. */
    boolean running();
}
