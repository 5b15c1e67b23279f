// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.ftfw.link.LinkDecision.Reason;
import org.junit.jupiter.api.Test;

class LinkSelectorTest {
    private static final long SECOND = 1_000_000_000L;

    private final LinkSelector links = new LinkSelector(3, 0);
    private long now;

    private LinkDecision state(int link, LinkState state) {
        return links.onState(link, state, now);
    }

    private LinkDecision heard(int link) {
        return links.onHeard(link, now);
    }

    private LinkDecision after(long nanos) {
        now += nanos;
        return links.onDeadline(now);
    }

    @Test
    void theDefaultLinkIsUsedAtFirst() {
        assertThat(new LinkSelector(4, 2).current()).isEqualTo(2);
        assertThat(new LinkSelector(4, 2).nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> new LinkSelector(2, 2)).hasMessageContaining("default link 2 of 2");
    }

    @Test
    void whenTheCurrentLinkLosesItsCarrierTheFirstThatWorksIsNext() {
        assertThat(state(2, LinkState.NO_CARRIER)).isNull();
        assertThat(state(0, LinkState.NO_CARRIER)).isEqualTo(new LinkDecision(Reason.LINK_FAILED, 0, 1));
        assertThat(state(1, LinkState.DOWN)).isEqualTo(new LinkDecision(Reason.NONE_AVAILABLE, 1, 1));
    }

    /** conntrackd takes a link that is up or running, and so may go from one dead link to the next. */
    @Test
    void aLinkThatIsUpWithoutCarrierIsNotTaken() {
        state(1, LinkState.NO_CARRIER);
        assertThat(state(0, LinkState.DOWN)).isEqualTo(new LinkDecision(Reason.LINK_FAILED, 0, 2));
    }

    @Test
    void thatNoLinkWorksIsToldOnceAndThatOneDoesAgainToo() {
        state(1, LinkState.DOWN);
        state(2, LinkState.DOWN);
        assertThat(links.isAnyAvailable()).isTrue();
        assertThat(state(0, LinkState.DOWN).reason()).isEqualTo(Reason.NONE_AVAILABLE);
        assertThat(links.isAnyAvailable()).isFalse();
        assertThat(state(0, LinkState.NO_CARRIER)).isNull();
        assertThat(state(1, LinkState.NO_CARRIER)).isNull();
        assertThat(state(2, LinkState.RUNNING)).isEqualTo(new LinkDecision(Reason.AVAILABLE_AGAIN, 0, 2));
        assertThat(links.isAnyAvailable()).isTrue();
        assertThat(state(2, LinkState.DOWN).reason()).isEqualTo(Reason.NONE_AVAILABLE);
        assertThat(state(2, LinkState.RUNNING)).isEqualTo(new LinkDecision(Reason.AVAILABLE_AGAIN, 2, 2));
        assertThat(links.timesNoneAvailable()).isEqualTo(2);
        assertThat(links.switches()).isEqualTo(1);
    }

    @Test
    void aDeadLinkByWhichThePeerIsHeardIsNotDead() {
        LinkSelector only = new LinkSelector(1, 0);
        only.onState(0, LinkState.NO_CARRIER, 0);
        only.onHeard(0, 500_000_000L);
        assertThat(only.isAnyAvailable()).as("that was in flight").isFalse();
        only.onHeard(0, 1_500_000_000L);
        assertThat(only.isAnyAvailable()).isTrue();
    }

    @Test
    void theDefaultLinkIsUsedAgainOnceItHasWorkedForAWhile() {
        state(0, LinkState.NO_CARRIER);
        now += SECOND;
        assertThat(state(0, LinkState.RUNNING)).isNull();
        assertThat(links.nextDeadline()).isEqualTo(6 * SECOND);
        now += 3 * SECOND;
        state(0, LinkState.NO_CARRIER);
        assertThat(links.nextDeadline()).as("it did not stay so").isEqualTo(Long.MAX_VALUE);
        state(0, LinkState.RUNNING);
        assertThat(after(4 * SECOND)).isNull();
        assertThat(after(SECOND)).isEqualTo(new LinkDecision(Reason.FAILED_BACK, 1, 0));
        assertThat(links.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void thePeerIsFollowedToAnotherLink() {
        now = 10 * SECOND;
        assertThat(heard(1)).isEqualTo(new LinkDecision(Reason.PEER_MOVED, 0, 1));
        assertThat(heard(1)).isNull();
    }

    /** They were sent before the peer heard of the move: whoever follows them makes two nodes chase each other. */
    @Test
    void whatWasInFlightAtAMoveIsNotFollowed() {
        heard(1);
        assertThat(heard(0)).isNull();
        now += SECOND - 1;
        assertThat(heard(0)).isNull();
        now += 1;
        assertThat(heard(0)).isEqualTo(new LinkDecision(Reason.PEER_MOVED, 1, 0));
    }

    @Test
    void whatCameByALinkBeforeItFailedDoesNotLeadThere() {
        state(1, LinkState.NO_CARRIER);
        assertThat(heard(1)).isNull();
    }

    @Test
    void whenTheCurrentLinkIsDeadThePeerIsFollowedAtOnce() {
        LinkSelector two = new LinkSelector(2, 0);
        two.onState(1, LinkState.DOWN, 0);
        two.onState(0, LinkState.DOWN, 0);
        two.onState(1, LinkState.RUNNING, 1);
        assertThat(two.current()).isEqualTo(1);
        assertThat(two.onHeard(0, 2)).as("it is dead itself").isNull();
    }

    /** Its end of the default link is dead while ours looks well; it cannot come back, and tells us so by staying. */
    @Test
    void aPeerThatDoesNotComeBackIsJoinedAgainAndAskedMoreAndMoreSeldom() {
        now = 10 * SECOND;
        heard(1);
        long[] waits = {60, 120, 240, 480, 600, 600};
        for (long wait : waits) {
            assertThat(links.nextDeadline() - now).isEqualTo(wait * SECOND);
            assertThat(after(wait * SECOND).reason()).isEqualTo(Reason.FAILED_BACK);
            now += 2 * SECOND;
            assertThat(heard(1)).as("the trial lasts three seconds").isNull();
            now += SECOND;
            assertThat(heard(1).reason()).isEqualTo(Reason.PEER_MOVED);
        }
        state(0, LinkState.NO_CARRIER);
        state(0, LinkState.RUNNING);
        assertThat(links.nextDeadline() - now)
                .as("its carrier says more than time")
                .isEqualTo(5 * SECOND);
    }

    @Test
    void aTrialThatSucceedsMakesTheNextOneEarlyAgain() {
        now = 10 * SECOND;
        heard(1);
        after(60 * SECOND);
        heard(0);
        now += 10 * SECOND;
        heard(1);
        assertThat(links.nextDeadline() - now).isEqualTo(60 * SECOND);
    }
}
