// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.Stage.Moment;
import io.keepstate.examples.demo.lab.FirewallNode;
import io.keepstate.examples.demo.lab.Lab;
import java.util.List;

/**
 * One active firewall, one that stands by. Faults come in turn as power loss and clean stop, on fw1 and fw2; the sessions
 * are judged once after each change of role.
 */
final class OneGroupScript implements Script {
    private final Stage stage;
    private final Lab lab;

    OneGroupScript(Stage stage) {
        this.stage = stage;
        this.lab = stage.lab();
    }

    /** Starts both nodes and waits until fw1 is active and fw2 stands by: a fault before that would meet no standby. */
    static void start(Lab lab) {
        lab.firewalls().forEach(node -> node.start(node.referencePriority()));
        awaitRole(lab, lab.fw1());
        Stage.awaitRole(lab.fw2(), lab.fw2()::standsBy);
    }

    private static void awaitRole(Lab lab, FirewallNode node) {
        FirewallNode other = lab.other(node);
        Stage.awaitRole(node, () -> node.active() && !other.active());
    }

    @Override
    public void cycle(int number) {
        boolean powerLoss = number % 2 == 0;
        // 1, 2, 2, 1: with the faults in turn, each node has each fault once in four cycles.
        FirewallNode victim = (number + number / 2) % 2 == 0 ? lab.fw1() : lab.fw2();
        FirewallNode other = lab.other(victim);
        if (!victim.active()) {
            prefer(victim, other);
        }
        stage.fault(victim, powerLoss, List.of(other));
        if (stage.options().withoutSync()) {
            return; // judged before the return, which changes nothing for the dead
        }
        comeBack(victim, powerLoss);
        stage.settle();
    }

    /** The standby is restarted with the higher priority, as an operator does who wants to work on the other. */
    private void prefer(FirewallNode standby, FirewallNode active) {
        int priority = active.referencePriority() + 50;
        stage.console()
                .event(standby.name() + " is restarted with priority " + priority + ", and takes the role from "
                        + active.name());
        stage.client().watchStalls();
        standby.stop();
        standby.start(priority);
        awaitRole(lab, standby);
        stage.judge("handover to " + standby.name(), false, Moment.now(), List.of(standby));
        stage.settle();
    }

    private void comeBack(FirewallNode victim, boolean powerLoss) {
        boolean preferred = victim.referencePriority() > lab.other(victim).referencePriority();
        stage.console()
                .event(victim.name()
                        + (powerLoss ? " is switched on again, with an empty table" : " is started again")
                        + (preferred ? ", and takes its role back" : " and stands by"));
        if (powerLoss) {
            victim.powerOn();
        }
        stage.client().watchStalls();
        victim.start(victim.referencePriority());
        if (preferred) {
            awaitRole(lab, victim);
            stage.judge("return of " + victim.name(), false, Moment.now(), List.of(victim));
        } else {
            // A fault of the other before that would meet no standby.
            Stage.awaitRole(victim, victim::standsBy);
        }
    }
}
