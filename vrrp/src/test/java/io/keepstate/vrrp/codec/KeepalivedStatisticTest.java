// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our reasons under keepalived's counters. */
class KeepalivedStatisticTest {

    @Test
    void the_keys_are_those_of_the_json_dump_in_its_order() {
        assertThat(Arrays.stream(KeepalivedStatistic.values())
                        .map(KeepalivedStatistic::key)
                        .limit(8))
                .isEqualTo(List.of(
                        "packet_len_err",
                        "advert_interval_err",
                        "ip_ttl_err",
                        "invalid_type_rcvd",
                        "addr_list_err",
                        "invalid_authtype",
                        "authtype_mismatch",
                        "auth_failure"));
        assertThat(Arrays.stream(KeepalivedStatistic.values()).map(KeepalivedStatistic::key))
                .doesNotHaveDuplicates();
    }

    @Test
    void several_reasons_add_up_under_one_counter() {
        Map<RejectReason, Long> rejects = Map.of(
                RejectReason.TRUNCATED, 1L,
                RejectReason.COUNT_ZERO, 2L,
                RejectReason.LENGTH_MISMATCH, 4L,
                RejectReason.BAD_TTL, 8L,
                RejectReason.PEER_TTL, 16L,
                RejectReason.UNKNOWN_PEER, 32L);
        assertThat(KeepalivedStatistic.PACKET_LEN_ERR.sum(rejects)).isEqualTo(7);
        assertThat(KeepalivedStatistic.IP_TTL_ERR.sum(rejects)).isEqualTo(24);
        assertThat(KeepalivedStatistic.AUTH_FAILURE.sum(rejects)).isZero();
    }
}
