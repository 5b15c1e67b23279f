// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.conntrack.ConntrackUnavailableException;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.process.Capabilities;
import io.keepstate.node.config.NodeConfiguration;

/** Turns what the kernel says at a start into one sentence with a remedy. */
final class StartError {
    private StartError() {}

    /** Fails early and clearly, since EPERM of a system call says little. */
    static void checkCapabilities(NodeConfiguration configuration) throws NodeStartException {
        Capabilities capabilities = Capabilities.read();
        if (!capabilities.netAdmin()) {
            throw new NodeStartException(
                    "the process has no CAP_NET_ADMIN, which addresses and connection tracking need:"
                            + " run it as root or give it that capability");
        }
        if (!configuration.groups().isEmpty() && !capabilities.netRaw()) {
            throw new NodeStartException(
                    "the process has no CAP_NET_RAW, which VRRP needs: run it as root or give it that" + " capability");
        }
    }

    /** An interface that does not exist. */
    static NodeStartException noInterface(String who, String interfaceName) {
        return new NodeStartException(who + ": there is no interface " + interfaceName
                + " here; create it before the start, or correct the name");
    }

    /** Connection tracking could not be opened. */
    static NodeStartException conntrack(ConntrackUnavailableException cause) {
        return new NodeStartException("connection tracking: " + cause.getMessage(), cause);
    }

    /** Anything else. */
    static NodeStartException of(RuntimeException cause) {
        // All capabilities, but in a user namespace that does not own this network.
        if (cause instanceof LinuxException refused && refused.errno() == Errno.EPERM) {
            return new NodeStartException(
                    "the node has no right to use this network (" + cause.getMessage()
                            + "): run it as root, or with CAP_NET_ADMIN and CAP_NET_RAW over this network namespace",
                    cause);
        }
        return new NodeStartException("the node could not start: " + cause.getMessage(), cause);
    }
}
