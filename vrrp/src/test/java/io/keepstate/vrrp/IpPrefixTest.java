// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpPrefixTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0, 192.0.2.255, 192.0.3.0",
        "192.0.2.64/26, 192.0.2.64, 192.0.2.127, 192.0.2.128",
        "192.0.2.1/32, 192.0.2.1, 192.0.2.1, 192.0.2.0",
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255, ::",
        "2001:db8::/32, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
        "2001:db8:0:1::/64, 2001:db8:0:1::, 2001:db8:0:1:ffff:ffff:ffff:ffff, 2001:db8:0:2::",
        "2001:db8::80/121, 2001:db8::80, 2001:db8::ff, 2001:db8::100",
        "2001:db8::1/128, 2001:db8::1, 2001:db8::1, 2001:db8::2",
        "::/0, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 0.0.0.0",
    })
    void a_network_contains_its_first_and_last_address_and_no_other(
            String network, String first, String last, String outside) {
        IpPrefix prefix = IpPrefix.parse(network);
        assertThat(prefix.contains(IpAddress.parse(first))).isTrue();
        assertThat(prefix.contains(IpAddress.parse(last))).isTrue();
        assertThat(prefix.contains(IpAddress.parse(outside))).isFalse();
        assertThat(IpPrefix.networkOf(IpAddress.parse(last), prefix.length())).isEqualTo(prefix);
    }
}
