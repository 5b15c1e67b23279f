// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.IpAddress;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The claim of docs/adr/0009: peers whose legs do not move as one say priority 0 on one leg and stay active on the
 * other, and a standby group that takes this for news about silent legs is not misled.
 */
class LegResignationPropertyTest {

    private static final FaultCause LINK = new FaultCause(FaultCause.Kind.TRACKER, "script");

    @Property(tries = 60)
    void a_group_is_never_active_while_an_ungrouped_peer_of_higher_priority_is_active_on_a_leg(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 190) int priority) {
        Random random = new Random(seed);
        Legs legs = new Legs(SyncGroupRules.DEFAULT, priority);
        List<VirtualRouter> peers = List.of(peer(legs, legs.e1), peer(legs, legs.i1));
        // Out of phase with each other, as legs that are not of one group are.
        for (VirtualRouter peer : peers) {
            peer.start(legs.now - 5 * SECOND + (long) (random.nextDouble() * SECOND));
            peer.advance(peer.nextDeadline());
        }
        legs.group.start(legs.now);
        long end = legs.now + 60 * SECOND;
        int down = -1;
        while (legs.now < end) {
            legs.now += (long) (random.nextDouble() * 20 * MILLI);
            for (VirtualRouter peer : peers) {
                peer.advance(legs.now);
            }
            legs.group.advance(legs.now);
            if (random.nextInt(100) == 0) {
                if (down >= 0) {
                    peers.get(down).clearFault(LINK, legs.now);
                    down = -1;
                } else {
                    down = random.nextInt(2);
                    peers.get(down).fault(LINK, legs.now);
                }
            }
            boolean peerActive = peers.stream().anyMatch(peer -> peer.state() == State.ACTIVE);
            assertThat(peerActive && legs.group.state() == State.ACTIVE)
                    .as("both active at %d ms", (legs.now - Bench.START) / MILLI)
                    .isFalse();
        }
    }

    /** A router of priority 200 that our leg hears; what it hears itself does not matter, as it always wins. */
    private static VirtualRouter peer(Legs legs, VirtualRouter ours) {
        IpAddress source = Bench.HIGHER;
        VirtualRouterConfig config = ours.config().toBuilder().priority(200).build();
        return new VirtualRouter(config, source, effect -> {
            if (effect instanceof Effect.SendAdvertisement send) {
                ours.onAdvertisement(send.advertisement(), source, legs.now);
            }
        });
    }
}
