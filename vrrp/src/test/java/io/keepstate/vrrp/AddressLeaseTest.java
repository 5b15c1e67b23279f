// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.AddressLease.Decision;
import io.keepstate.vrrp.codec.Version;
import org.junit.jupiter.api.Test;

class AddressLeaseTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long DOWN = ActiveDownInterval.nanos(Version.V2, 100, 100);

    private final AddressLease lease = new AddressLease(DOWN, 0);

    @Test
    void lifetime_is_the_down_interval_in_whole_seconds_rounded_up_and_at_least_two() {
        assertThat(AddressLease.seconds(1)).isEqualTo(2);
        assertThat(AddressLease.seconds(ActiveDownInterval.nanos(Version.V3, 254, 1)))
                .isEqualTo(2);
        assertThat(AddressLease.seconds(2 * SECOND)).isEqualTo(2);
        assertThat(AddressLease.seconds(2 * SECOND + 1)).isEqualTo(3);
        assertThat(lease.validSeconds()).isEqualTo(4);
    }

    @Test
    void is_renewed_at_a_third_of_its_lifetime_and_a_third_after_each_renewal() {
        long third = 4 * SECOND / 3;
        assertThat(lease.nextDeadline()).isEqualTo(third);
        assertThat(lease.decide(third - 1, third - 1)).isEqualTo(Decision.WAIT);
        assertThat(lease.decide(third, third)).isEqualTo(Decision.RENEW);
        lease.renewed(third);
        assertThat(lease.nextDeadline()).isEqualTo(2 * third);
    }

    @Test
    void renewed_in_time_by_a_living_election_it_never_expires() {
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            now = lease.nextDeadline();
            assertThat(lease.decide(now, now - DOWN)).isEqualTo(Decision.RENEW);
            lease.renewed(now);
        }
        assertThat(now).isGreaterThan(13_000 * SECOND);
    }

    @Test
    void renewal_is_withheld_from_a_stuck_election_tried_again_and_given_up_at_the_end() {
        long now = 0;
        int withheld = 0;
        Decision decision = Decision.WAIT;
        while (decision != Decision.EXPIRED) {
            now = Math.min(lease.nextDeadline(), now + SECOND);
            decision = lease.decide(now, -DOWN);
            withheld += decision == Decision.WITHHOLD ? 1 : 0;
            assertThat(decision).isNotEqualTo(Decision.RENEW);
        }
        assertThat(withheld).isBetween(20, 30);
        assertThat(now).isEqualTo(3_950 * MILLI);
        assertThat(lease.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void election_that_recovers_in_time_is_renewed_at_once() {
        long due = lease.nextDeadline();
        assertThat(lease.decide(due, due - DOWN - 1)).isEqualTo(Decision.WITHHOLD);
        long again = lease.nextDeadline();
        assertThat(again - due).isLessThanOrEqualTo(100 * MILLI);
        assertThat(lease.decide(again, again)).isEqualTo(Decision.RENEW);
    }

    @Test
    void process_that_slept_through_its_lease_may_not_renew_it() {
        assertThat(lease.decide(10 * SECOND, 10 * SECOND)).isEqualTo(Decision.EXPIRED);
        assertThat(lease.decide(11 * SECOND, 11 * SECOND)).isEqualTo(Decision.EXPIRED);
    }

    @Test
    void preferred_lifetime_runs_down_from_when_the_address_went_up() {
        assertThat(lease.preferredSeconds(0, 0)).isZero();
        assertThat(lease.preferredSeconds(0xffff_ffffL, 100 * SECOND)).isEqualTo(4);
        assertThat(lease.preferredSeconds(102, 100 * SECOND)).isEqualTo(2);
        assertThat(lease.preferredSeconds(99, 100 * SECOND)).isZero();
    }

    @Test
    void another_down_interval_counts_from_now_and_the_preferred_lifetime_runs_on() {
        AddressLease changed = lease.changed(SECOND / 3, 3 * SECOND);
        assertThat(changed.validSeconds()).isEqualTo(2);
        assertThat(changed.nextDeadline()).isEqualTo(3 * SECOND + 2 * SECOND / 3);
        assertThat(changed.decide(4 * SECOND, 4 * SECOND - SECOND / 2)).isEqualTo(Decision.WITHHOLD);
        assertThat(changed.preferredSeconds(4, 3 * SECOND)).isEqualTo(1);
    }
}
