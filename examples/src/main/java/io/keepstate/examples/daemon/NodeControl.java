// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.control.ControlEvent;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.linux.LinuxNode;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A running node as the control socket sees it. */
record NodeControl(LinuxNode node, Statistics.SyncLimits limits, ToLongFunction<ControlEvent> controlEvents)
        implements ControlService.Node {
    @Override
    public <T> T ask(Function<SyncDuty, T> question) {
        return node.ask(question);
    }

    @Override
    public boolean execute(Consumer<SyncDuty> command) {
        return node.execute(command);
    }

    @Override
    public String statistics(ControlRequest request) {
        return Statistics.text(request, node.stats(), limits, controlEvents, System.currentTimeMillis());
    }
}
