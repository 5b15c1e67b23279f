// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.Role;
import io.keepstate.node.port.Waker;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A running node gets another group, or loses one: the others do not notice. */
class GroupsComeAndGoTest {
    private static final IpAddress SOURCE = IpAddress.parse("10.15.7.101");

    private final List<String> sent = new ArrayList<>();
    private final BoundedQueue<ToSync> toSync = new BoundedQueue<>(64, Waker.NONE);
    private final BoundedQueue<ToVrrp> fromSync = new BoundedQueue<>(64, Waker.NONE);
    private long now;
    private final VrrpDuty duty = new VrrpDuty(
            List.of(Groups.reference(100)),
            router -> SOURCE,
            false,
            (router, advert) -> sent.add(router.name() + " " + advert.priority()),
            toSync,
            fromSync);

    @Test
    void aGroupThatIsAddedIsElectedWhileTheOtherStaysActive() {
        startAndRunUntil(5_000);
        VrrpGroup second = Groups.group("G2", 100, 71);
        List<VirtualRouter> added = duty.add(second, router -> SOURCE);
        assertThat(added).extracting(VirtualRouter::state).containsOnly(State.INITIALIZE);
        duty.begin("G2", now);
        runUntil(10_000);
        assertThat(duty.routers()).extracting(VirtualRouter::state).containsOnly(State.ACTIVE);
        assertThat(roles()).containsExactly("G1 BACKUP", "G1 ACTIVE", "G2 BACKUP", "G2 ACTIVE");
    }

    @Test
    void aGroupThatIsRemovedResignsAndTheOtherStaysActive() {
        startAndRunUntil(5_000);
        duty.add(Groups.group("G2", 100, 71), router -> SOURCE);
        duty.begin("G2", now);
        runUntil(10_000);
        sent.clear();
        List<VirtualRouter> gone = duty.remove("G1", now);
        assertThat(gone).extracting(VirtualRouter::name).containsExactly("E61", "I61");
        assertThat(sent).containsExactly("E61 0", "I61 0");
        runUntil(15_000);
        assertThat(duty.routers()).extracting(VirtualRouter::name).containsExactly("E71", "I71");
        assertThat(sent).doesNotContain("E61 100").contains("E71 100");
        assertThat(roles()).endsWith("G2 ACTIVE", "G1 STOPPED");
    }

    @Test
    void aMemberThatIsAddedReplacedOrMovedLeavesTheOthersActive() {
        startAndRunUntil(5_000);
        VrrpGroup before = Groups.reference(100);
        VirtualRouterConfig e1 = before.routers().get(0);
        VirtualRouterConfig third = Groups.group("D", 100, 71).routers().get(1);
        sent.clear();

        List<VirtualRouter> added = duty.enlist(new VrrpGroup("G1", List.of(third)), router -> SOURCE);
        assertThat(added).extracting(VirtualRouter::state).containsOnly(State.INITIALIZE);
        duty.regroup(new VrrpGroup("G1", List.of(third, e1, before.routers().get(1))), now);
        assertThat(sent).containsExactly("I71 100");
        assertThat(duty.routers()).extracting(VirtualRouter::state).containsOnly(State.ACTIVE);

        sent.clear();
        List<VirtualRouter> gone =
                duty.dismiss(new VrrpGroup("G1", List.of(before.routers().get(1))), now);
        assertThat(gone).extracting(VirtualRouter::name).containsExactly("I61");
        assertThat(sent).containsExactly("I61 0");
        runUntil(10_000);
        assertThat(sent).doesNotContain("E61 0", "I71 0", "I61 100").contains("E61 100", "I71 100");
        assertThat(duty.routers()).extracting(VirtualRouter::name).containsExactly("E61", "I71");
        assertThat(roles()).containsExactly("G1 BACKUP", "G1 ACTIVE");
    }

    @Test
    void aMemberWithoutASourceAddressTakesTheGroupAlongAsItJoins() {
        startAndRunUntil(5_000);
        VirtualRouterConfig third = Groups.group("D", 100, 71).routers().get(1);
        duty.enlist(new VrrpGroup("G1", List.of(third)), router -> SOURCE);
        fromSync.offer(new ToVrrp.SourceChanged("I71", Optional.empty()));
        List<VirtualRouterConfig> three = new ArrayList<>(Groups.reference(100).routers());
        three.add(third);
        duty.regroup(new VrrpGroup("G1", three), now);
        assertThat(roles()).endsWith("G1 ACTIVE", "G1 FAULT");
    }

    @Test
    void aStartupDelayIsOneOfTheHostAndNotOfAReload() {
        startAndRunUntil(15_000);
        VrrpGroup late = Groups.group("G2", 100, 71);
        duty.add(
                new VrrpGroup(
                        "G2",
                        late.routers().stream()
                                .map(router -> router.toBuilder()
                                        .startupDelay(Duration.ofSeconds(10))
                                        .build())
                                .toList()),
                router -> SOURCE);
        duty.begin("G2", now);
        runUntil(20_000);
        assertThat(roles()).endsWith("G2 BACKUP", "G2 ACTIVE");
    }

    @Test
    void linksAndOrdersReachAGroupThatWasAdded() {
        startAndRunUntil(100);
        duty.add(Groups.group("G2", 100, 71), router -> SOURCE);
        duty.begin("G2", now);
        fromSync.offer(new ToVrrp.LinkChanged("eth1", false));
        fromSync.offer(new ToVrrp.Ordered(1, new VrrpOrder.SetPriority("E71", 50)));
        runUntil(200);
        assertThat(duty.routers().get(2).state()).isEqualTo(State.FAULT);
        assertThat(duty.routers().get(2).priority()).isEqualTo(50);
    }

    @Test
    void aNameIsTakenOnlyOnce() {
        assertThatThrownBy(() -> duty.add(Groups.reference(100), router -> SOURCE))
                .hasMessageContaining("there is a group G1 already");
        assertThat(duty.remove("none", 0)).isEmpty();
    }

    private void startAndRunUntil(long millis) {
        duty.start(0);
        runUntil(millis);
    }

    private void runUntil(long millis) {
        while (now < ms(millis)) {
            now = Math.min(ms(millis), Math.max(now + 1, duty.nextDeadline()));
            duty.doWork(now);
        }
    }

    private List<String> roles() {
        List<String> roles = new ArrayList<>();
        for (ToSync message = toSync.poll(); message != null; message = toSync.poll()) {
            if (message instanceof ToSync.RoleChange change) {
                Role role = change.role();
                roles.add(change.group() + " " + role);
            }
        }
        return roles;
    }
}
