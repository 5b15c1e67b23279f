// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.notify.NotifyScripts;
import java.io.IOException;

/** Who tells of changes, and who knows of them. */
record Notifier(NotifyScripts scripts, RoleScripts roles) {
    /**
     * Follows another configuration.
     *
     * @throws IOException with a sentence, if one of its pipes cannot be opened; nothing has changed then
     */
    void use(KeepalivedConfig config) throws IOException {
        scripts.use(NotifyMapping.settings(config));
        roles.use(config);
    }
}
