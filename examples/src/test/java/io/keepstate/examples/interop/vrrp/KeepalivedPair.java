// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.interop.vrrp.Router.Program;
import io.keepstate.examples.interop.vrrp.Takeover.Event;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Rtnetlink;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The installed keepalived and ours on two hosts, the same file but for names, addresses and priority. */
final class KeepalivedPair {
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final Duration LINK_WATCH = Duration.ofMillis(2200);
    private static final int OURS = 150;
    private static final int THEIRS = 100;

    private final Combination combination;
    private final LabNamespace switching;
    private final Router ours;
    private final Router theirs;
    private final AdvertTrace trace;
    private final List<Takeover> takeovers = new ArrayList<>();
    private Router active;
    private Router backup;

    KeepalivedPair(Lab lab, Combination combination) {
        this.combination = combination;
        switching = lab.namespace("wires");
        LabNamespace a = lab.namespace("ours");
        LabNamespace b = lab.namespace("theirs");
        int number = 1;
        for (LabNamespace host : List.of(a, b)) {
            lab.veth(host, "eth0", switching, "port" + number);
            host.address("eth0", "10.9.0." + number + "/24");
            host.address("eth0", "2001:db8:9::" + number + "/64");
            number++;
        }
        switching.bridge("br0", "port1", "port2");
        ours = new Router(lab, Program.KEEPSTATE, a, combination, 1, OURS);
        theirs = new Router(lab, Program.KEEPALIVED, b, combination, 2, THEIRS);
        trace = new AdvertTrace(lab, switching, "br0");
        active = ours;
        backup = theirs;
    }

    /** Either one started alone becomes active, and stays so when the other one comes, which must not preempt. */
    void coldStart(Program first) {
        ours.configure(OURS, false);
        theirs.configure(THEIRS, false);
        active = first == Program.KEEPSTATE ? ours : theirs;
        backup = active == ours ? theirs : ours;
        active.start();
        eventually(active::holds, () -> active + " is active: " + active.output());
        backup.start();
        settle();
    }

    void endBoth() {
        backup.terminate();
        active.terminate();
        backup.awaitEnd();
        active.awaitEnd();
        eventually(() -> !active.holds() && !backup.holds(), () -> "nothing is left behind");
    }

    /** SIGKILL of the active router's processes; it comes back as a backup. */
    void crash() {
        expect(Event.CRASH, combination.down(backup.priority()));
        active.kill();
        awaitHeir();
        active.start();
        swap();
    }

    /** SIGTERM of the active router; it comes back as a backup. */
    void stop() {
        expect(Event.STOP, combination.skew(backup.priority()));
        active.terminate();
        awaitHeir();
        active.awaitEnd();
        assertThat(active.holds()).as("%s took its addresses along", active).isFalse();
        active.start();
        swap();
    }

    /** The active router's cable is pulled, and put back. */
    void linkLoss() {
        expect(Event.LINK_LOSS, combination.down(backup.priority()));
        switching.down(active.port);
        awaitHeir();
        Router cut = active;
        eventually(() -> !cut.holds(), () -> cut + " gives up without a link: " + cut.output());
        // The bridge hears of carriers once a second at most, and forwards nothing on a port whose return it has not
        // heard of.
        pass(LINK_WATCH);
        switching.up(active.port);
        if (combination.version() == Combination.Version.V3) {
            // Shorter than what a kernel takes: up to a second until a bridge forwards on a port that is back (other
            // labs keep it busy), or until the heir asks for a unicast peer's address again. Meanwhile both may be
            // active.
            pass(Duration.ofSeconds(2));
            eventually(() -> cut.holds() != backup.holds(), () -> "one of them is active: " + backup.output());
            if (cut.holds()) {
                settle();
                return;
            }
        }
        pass(combination.down(active.priority()).multipliedBy(5).dividedBy(4));
        swap();
    }

    /** The backup's priority is raised above the active one's: first it must not preempt, then it may. */
    void priorityChange() {
        int priority = active.priority() + 20;
        backup.reload(priority, false);
        pass(combination.down(THEIRS).multipliedBy(5).dividedBy(4));
        assertThat(backup.holds())
                .as("%s does not preempt: %s", backup, backup.output())
                .isFalse();
        assertThat(active.holds()).as("%s stays: %s", active, active.output()).isTrue();
        backup.reload(priority, true);
        awaitHeir();
        swap();
    }

    /** What came about, read from the wire. */
    List<Measured> measured() {
        List<AdvertTrace.Advert> adverts = trace.end();
        return takeovers.stream()
                .map(each -> new Measured(each.event(), each.by(), each.excessMillis(adverts)))
                .toList();
    }

    /** Milliseconds beyond the formula. */
    record Measured(Event event, Program by, double excessMillis) {}

    private void expect(Event event, Duration formula) {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        takeovers.add(new Takeover(
                event, backup.program, now, addresses(active), addresses(backup), formula.toNanos() / 1000));
    }

    private static Set<InetAddress> addresses(Router router) {
        int index = router.host.index("eth0");
        return router.host.route(Rtnetlink::addresses).stream()
                .filter(each -> each.interfaceIndex() == index)
                .map(InterfaceAddress::address)
                .collect(Collectors.toSet());
    }

    private void awaitHeir() {
        eventually(backup::holds, () -> backup + " takes over: " + backup.output());
    }

    private void swap() {
        Router heir = backup;
        backup = active;
        active = heir;
        settle();
    }

    /** One holds the address and the other one does not, and has heard why. */
    private void settle() {
        eventually(
                () -> active.holds() && !backup.holds(),
                () -> "only " + active + " is active:\n" + active.output() + "\nbackup:\n" + backup.output());
        pass(combination.interval().multipliedBy(3).dividedBy(2));
        assertThat(backup.holds()).as("%s follows: %s", backup, backup.output()).isFalse();
        assertThat(active.holds()).as("%s leads: %s", active, active.output()).isTrue();
    }

    private static void eventually(BooleanSupplier condition, Supplier<String> description) {
        try {
            Lab.eventually(PATIENCE, condition, "see below");
        } catch (AssertionError e) {
            throw new AssertionError(description.get(), e);
        }
    }

    /** Lets time pass in which nothing must happen. */
    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Lab.eventually(time.multipliedBy(10), () -> System.nanoTime() - end > 0, "time passes");
    }
}
