// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.own;

import java.util.Optional;

/**
 * What {@code --keepstate-conf} says; nothing of it is needed.
 *
 * @param controlGroup whose members may use the control socket beside root
 */
public record OwnConfig(Optional<String> controlGroup) {
    /** Without a file. */
    public static final OwnConfig DEFAULT = new OwnConfig(Optional.empty());
}
