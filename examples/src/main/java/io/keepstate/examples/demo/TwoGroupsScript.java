// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.Change.OwnFlows;
import io.keepstate.examples.demo.Stage.Moment;
import io.keepstate.examples.demo.lab.AddressGroup;
import io.keepstate.examples.demo.lab.FirewallNode;
import io.keepstate.examples.demo.lab.FlowWatch;
import io.keepstate.examples.demo.lab.Lab;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Both firewalls are active, each for a group of its own. Power loss of fw1, of fw2, then clean stop of fw1, of fw2, and so
 * on: the other node serves both groups until the first comes back and takes its own. The flows of the other node's own
 * group are watched in its kernel all the while.
 */
final class TwoGroupsScript implements Script {
    private final Stage stage;
    private final Lab lab;

    TwoGroupsScript(Stage stage) {
        this.stage = stage;
        this.lab = stage.lab();
    }

    /** Starts both nodes and waits until each is active for its group. */
    static void start(Lab lab) {
        lab.firewalls().forEach(FirewallNode::start);
        lab.firewalls().forEach(node -> Stage.awaitRole(node, () -> shared(lab)));
    }

    /** Whether each group is where it belongs, and nowhere else. */
    private static boolean shared(Lab lab) {
        return lab.options().layout().groups().stream().allMatch(group -> {
            FirewallNode node = lab.preferred(group);
            return node.active(group) && !lab.other(node).active(group);
        });
    }

    @Override
    public void cycle(int number) {
        boolean powerLoss = number / 2 % 2 == 0;
        FirewallNode victim = number % 2 == 0 ? lab.fw1() : lab.fw2();
        FirewallNode other = lab.other(victim);
        watched(other, () -> stage.fault(victim, powerLoss, List.of(other, other)));
        if (stage.options().withoutSync()) {
            return; // judged before the return, which changes nothing for the dead
        }
        watched(other, () -> comeBack(victim, powerLoss));
    }

    private Change comeBack(FirewallNode victim, boolean powerLoss) {
        stage.console()
                .event(victim.name()
                        + (powerLoss ? " is switched on again, with an empty table" : " is started again")
                        + ", and takes its group back");
        if (powerLoss) {
            victim.powerOn();
        }
        stage.client().watchStalls();
        victim.start();
        Stage.awaitRole(victim, () -> shared(lab));
        List<FirewallNode> carriers = groups().stream().map(lab::preferred).toList();
        Change change = stage.judge("return of " + victim.name(), false, Moment.now(), carriers);
        stage.outlastPurge();
        return change;
    }

    private void watched(FirewallNode node, Supplier<Change> act) {
        AddressGroup own = groups().stream()
                .filter(group -> lab.preferred(group) == node)
                .findFirst()
                .orElseThrow();
        Optional<FlowWatch> watch = node.watchFlows(own);
        Change change = act.get();
        watch.ifPresent(flows -> {
            OwnFlows seen = OwnFlows.of(flows.seen());
            flows.close();
            stage.replace(change, change.with(seen));
            stage.console()
                    .event(node.name() + ": of the " + seen.before() + " flows of its own group " + own.name() + " "
                            + seen.lost() + " were taken from its kernel");
        });
    }

    private List<AddressGroup> groups() {
        return lab.options().layout().groups();
    }
}
