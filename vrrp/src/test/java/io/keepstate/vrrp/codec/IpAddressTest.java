// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "255.255.255.255",
                "192.0.2.1",
                "::",
                "::1",
                "1::",
                "fe80::1",
                "2001:db8:15:7::100",
                "2001:db8:0:1:1:1:1:1",
                "2001:0:0:1::1",
                "1:2:3:4:5:6:7:8",
                "ff02::12"
            })
    void the_canonical_text_of_an_address_is_what_was_read(String text) {
        assertThat(IpAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "1.2.3",
                "1.2.3.256",
                "1.2.3.4/24",
                "fe80::1%eth0",
                "2001:db8::g",
                ":::",
                "1:2:3",
                "::ffff:1.2.3.4"
            })
    void what_is_not_a_literal_is_refused_and_never_looked_up(String text) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not an IP address: expected");
    }

    @Property
    void octets_read_back_as_the_same_address(@ForAll long high, @ForAll long low, @ForAll boolean six)
            throws UnknownHostException {
        IpAddress address = six ? IpAddress.ipv6(high, low) : IpAddress.ipv4((int) low);
        ByteBuf out = Unpooled.buffer();
        address.write(out);
        assertThat(out.readableBytes()).isEqualTo(address.family().octets());
        assertThat(IpAddress.get(address.family(), out, 0)).isEqualTo(address);
        byte[] octets = new byte[out.readableBytes()];
        out.readBytes(octets);
        assertThat(address.octets()).isEqualTo(octets);
        if (!address.toString().startsWith("::ffff:")) {
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            assertThat(IpAddress.of(InetAddress.getByAddress(octets))).isEqualTo(address);
        }
    }

    @Test
    void addresses_compare_as_unsigned_numbers_in_network_byte_order() {
        assertThat(IpAddress.parse("10.0.0.200")).isGreaterThan(IpAddress.parse("10.0.0.100"));
        assertThat(IpAddress.parse("192.0.2.1")).isGreaterThan(IpAddress.parse("10.255.255.255"));
        assertThat(IpAddress.parse("fe80::ffff")).isGreaterThan(IpAddress.parse("2001:db8::1"));
        assertThat(IpAddress.parse("fe80::8000:0:0:0")).isGreaterThan(IpAddress.parse("fe80::1"));
    }

    @Test
    void link_local_and_multicast_addresses_are_told_apart() {
        assertThat(IpAddress.parse("fe80::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("febf::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.parse("fec0::1").isLinkLocal()).isFalse();
        assertThat(IpAddress.parse("169.254.0.1").isLinkLocal()).isFalse();
        assertThat(AddressFamily.IPV4.vrrpGroup().isMulticast()).isTrue();
        assertThat(AddressFamily.IPV6.vrrpGroup().isMulticast()).isTrue();
        assertThat(IpAddress.parse("192.0.2.1").isMulticast()).isFalse();
    }
}
