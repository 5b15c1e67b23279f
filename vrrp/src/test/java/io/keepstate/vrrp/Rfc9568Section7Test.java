// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * RFC 9568 section 7, as far as it is the state machine's: what it does with what passed the checks, and what it asks
 * to be sent. The checks themselves are in {@link AdvertisementReceiverTest} and the tests of the codec.
 */
class Rfc9568Section7Test {

    @Test
    void s7_1_an_advertisement_of_other_addresses_is_reported_once_and_counts_all_the_same() {
        Bench bench = Bench.backup();
        bench.after(SECOND);
        for (int i = 0; i < 3; i++) {
            hearAddresses(bench, "192.0.2.100", "192.0.2.101");
        }
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        assertThat(bench.recorder.notes()).containsExactly(Note.ADDRESS_LIST_MISMATCH);
        assertThat(bench.router.counters().addressListMismatches()).isEqualTo(3);
    }

    @Test
    void s7_1_an_address_list_is_reported_again_after_a_change_of_the_active_router() {
        Bench bench = Bench.backup();
        hearAddresses(bench, "192.0.2.101");
        bench.hear(200, LOWER);
        hearAddresses(bench, "192.0.2.101");
        assertThat(bench.recorder.notes()).containsExactly(Note.ADDRESS_LIST_MISMATCH, Note.ADDRESS_LIST_MISMATCH);
    }

    @Test
    void s7_1_the_address_list_of_a_known_sender_goes_unchecked_if_so_configured() {
        Bench bench = Bench.backup(it -> it.skipAddressListCheck(true));
        hearAddresses(bench, "192.0.2.101");
        hearAddresses(bench, "192.0.2.101");
        assertThat(bench.router.counters().addressListMismatches()).isEqualTo(1);
    }

    @Test
    void s7_1_another_interval_than_ours_is_reported_once_and_counted_each_time() {
        Bench bench = Bench.backup();
        bench.hear(200, 50, HIGHER);
        bench.hear(200, 50, HIGHER);
        assertThat(bench.recorder.notes()).containsExactly(Note.INTERVAL_DIFFERS);
        assertThat(bench.router.counters().intervalMismatches()).isEqualTo(2);
    }

    @Test
    void s7_1_the_same_addresses_in_another_order_are_the_same() {
        Bench bench = Bench.backup(it -> it.address("192.0.2.101/24").address("192.0.2.102/24"));
        hearAddresses(bench, "192.0.2.102", "192.0.2.100", "192.0.2.101");
        assertThat(bench.recorder.notes()).isEmpty();
        assertThat(bench.router.counters().addressListMismatches()).isZero();
        hearAddresses(bench, "192.0.2.102", "192.0.2.100", "192.0.2.100");
        hearAddresses(bench, "192.0.2.102", "192.0.2.100", "192.0.2.101", "192.0.2.101");
        hearAddresses(bench, "192.0.2.102", "192.0.2.100");
        assertThat(bench.router.counters().addressListMismatches()).isEqualTo(3);
    }

    @Test
    void s7_1_a_list_that_is_heard_again_and_again_counts_each_time_until_ours_is_the_same() {
        Bench bench = Bench.backup();
        Advertisement other = advertisement(ChecksumForm.PSEUDO_HEADER, 200, "192.0.2.101", "192.0.2.100");
        bench.router.onAdvertisement(other, HIGHER, bench.now);
        bench.router.onAdvertisement(other, HIGHER, bench.now);
        assertThat(bench.router.counters().addressListMismatches()).isEqualTo(2);
        bench.router.addAddress(VirtualAddress.parse("192.0.2.101/24", "eth0"), true, bench.now);
        bench.router.onAdvertisement(other, HIGHER, bench.now);
        assertThat(bench.router.counters().addressListMismatches()).isEqualTo(2);
    }

    @Test
    void s7_1_an_owner_that_hears_another_owner_reports_it() {
        // Erratum 8298: the check "we are not the owner" is a report, not a reason to drop.
        Bench bench = Bench.backup(it -> it.priority(255));
        bench.hear(255, LOWER);
        assertThat(bench.recorder.notes()).containsExactly(Note.SECOND_OWNER);
    }

    @Test
    void s7_2_the_fields_of_an_advertisement_are_those_of_the_configuration() {
        Bench bench = Bench.backup(it ->
                it.virtualRouterId(7).priority(200).address("192.0.2.101/24").excludedAddress("192.0.2.200/24"));
        bench.untilDeadline();
        Advertisement sent = bench.recorder.advertisements().get(0);
        assertThat(sent.version()).isEqualTo(Version.V3);
        assertThat(sent.virtualRouterId()).isEqualTo(7);
        assertThat(sent.priority()).isEqualTo(200);
        assertThat(sent.intervalCentis()).isEqualTo(100);
        assertThat(sent.addresses()).isEqualTo(Bench.addresses("192.0.2.100", "192.0.2.101"));
        assertThat(sent.authentication()).isEqualTo(Authentication.NONE);
    }

    @Test
    void s7_2_the_checksum_form_is_the_configured_one_or_the_one_heard_last() {
        assertThat(formSent(ChecksumMode.RFC9568)).isEqualTo(ChecksumForm.MESSAGE_ONLY);
        assertThat(formSent(ChecksumMode.PSEUDO_HEADER)).isEqualTo(ChecksumForm.PSEUDO_HEADER);

        Bench auto = Bench.active();
        auto.router.onAdvertisement(advertisement(ChecksumForm.MESSAGE_ONLY, 50, "192.0.2.100"), LOWER, auto.now);
        auto.recorder.clear();
        auto.untilDeadline();
        assertThat(auto.recorder.advertisements().get(0).checksumForm()).isEqualTo(ChecksumForm.MESSAGE_ONLY);
    }

    @Test
    void s7_2_the_same_advertisement_object_is_handed_out_every_time() {
        Bench bench = Bench.active();
        bench.untilDeadline();
        bench.untilDeadline();
        assertThat(bench.recorder.effects.get(0)).isSameAs(bench.recorder.effects.get(1));
    }

    private static ChecksumForm formSent(ChecksumMode mode) {
        Bench bench = Bench.backup(it -> it.checksumMode(mode));
        bench.untilDeadline();
        return bench.recorder.advertisements().get(0).checksumForm();
    }

    private static void hearAddresses(Bench bench, String... addresses) {
        bench.router.onAdvertisement(advertisement(ChecksumForm.PSEUDO_HEADER, 200, addresses), HIGHER, bench.now);
    }

    private static Advertisement advertisement(ChecksumForm form, int priority, String... addresses) {
        List<IpAddress> list = Bench.addresses(addresses);
        return new Advertisement(Version.V3, 51, priority, 100, list, Authentication.NONE, form);
    }
}
