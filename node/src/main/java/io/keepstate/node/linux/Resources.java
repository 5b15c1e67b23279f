// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened, closed together in the reverse order. */
final class Resources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);

    private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() {
        for (AutoCloseable each = opened.poll(); each != null; each = opened.poll()) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.warn("closing failed", e);
            }
        }
    }
}
