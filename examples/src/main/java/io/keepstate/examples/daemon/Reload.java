// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.linux.LinuxNode;
import io.keepstate.node.linux.NodeStartException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files again and makes the running node what they say. A file with errors, or one that the machine does not
 * fit, changes nothing: the findings are logged and the node goes on as it was.
 */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final LinuxNode node;
    private final Supplier<Settings> reader;
    private final boolean withoutSync;
    private final Optional<Notifier> notifier;
    private Settings settings;

    Reload(
            LinuxNode node,
            Settings settings,
            Supplier<Settings> reader,
            boolean withoutSync,
            Optional<Notifier> notifier) {
        this.node = node;
        this.settings = settings;
        this.reader = reader;
        this.withoutSync = withoutSync;
        this.notifier = notifier;
    }

    /** What the node follows now. */
    synchronized Settings settings() {
        return settings;
    }

    /** Does it; true if the node follows the new files. */
    synchronized boolean run() {
        LOG.info("reloading");
        Settings fresh = reader.get();
        fresh.findings().forEach(Daemon::log);
        if (fresh.hasErrors()) {
            LOG.error("reload refused: mend the errors above; the node goes on with the old configuration");
            return false;
        }
        if (!fresh.conntrackd().equals(settings.conntrackd())) {
            LOG.warn("conntrackd.conf has changed: what it says counts from the next start only");
        }
        if (!fresh.own().equals(settings.own())) {
            LOG.warn("the settings of our own have changed: what they say counts from the next start only");
        }
        fresh = new Settings(fresh.keepalived(), settings.conntrackd(), settings.own(), fresh.findings());
        try {
            NodeConfiguration configuration = NodeMapping.of(fresh, withoutSync);
            tellBy(fresh);
            node.reload(configuration);
        } catch (IOException | NodeStartException | RuntimeException e) {
            LOG.error("reload refused: {}; the node goes on with the old configuration", e.getMessage());
            tellByOld();
            return false;
        }
        settings = fresh;
        repeatStates();
        LOG.info("reload complete");
        return true;
    }

    private void tellBy(Settings some) throws IOException {
        if (notifier.isPresent() && some.keepalived().isPresent()) {
            notifier.get().use(some.keepalived().get());
        }
    }

    /** fifo_write_vrrp_states_on_reload: the pipes get every state again. */
    private void repeatStates() {
        Optional<KeepalivedConfig> config = settings.keepalived();
        if (notifier.isPresent()
                && config.isPresent()
                && config.get().globalDefs().fifos().statesOnReload()) {
            notifier.get().roles().repeat(node.routers());
        }
    }

    private void tellByOld() {
        try {
            tellBy(settings);
        } catch (IOException pipe) {
            LOG.warn("{}", pipe.getMessage());
        }
    }
}
