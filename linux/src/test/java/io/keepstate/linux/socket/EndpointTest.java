// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void ipv4AddressStandsInTheLowerHalf() {
        Endpoint endpoint = Endpoint.of("192.0.2.1", 3780);
        assertThat(endpoint).isEqualTo(new Endpoint(IpFamily.IPV4, 0, 0xc0000201L, 3780, 0));
        assertThat(endpoint).hasToString("192.0.2.1:3780");
    }

    @Test
    void ipv6AddressKeepsItsScope() {
        Endpoint endpoint = Endpoint.of("fe80::1", 7).withScope(3);
        assertThat(endpoint.high()).isEqualTo(0xfe80_0000_0000_0000L);
        assertThat(endpoint.low()).isEqualTo(1);
        assertThat(endpoint).hasToString("[fe80:0:0:0:0:0:0:1%3]:7");
    }

    @Test
    void nativeFormIsThatOfTheKernelHeaders() {
        ByteBuf out = Unpooled.buffer(32);
        int length = SocketAddresses.put(out, 0, Endpoint.of("192.0.2.1", 3780));
        assertThat(ByteBufUtil.hexDump(out, 0, length)).isEqualTo("0200" + "0ec4" + "c0000201" + "0000000000000000");
        length = SocketAddresses.put(out, 0, Endpoint.of("fe80::1", 3780).withScope(3));
        assertThat(ByteBufUtil.hexDump(out, 0, length))
                .isEqualTo("0a00" + "0ec4" + "00000000" + "fe800000000000000000000000000001" + "03000000");
    }

    @Test
    void nativeFormIsReadBack() {
        ByteBuf out = Unpooled.buffer(32);
        for (Endpoint endpoint : new Endpoint[] {
            Endpoint.of("255.255.255.255", 65535), Endpoint.of("ff02::12", 0).withScope(9)
        }) {
            SocketAddresses.put(out, 0, endpoint);
            assertThat(SocketAddresses.get(out, 0)).isEqualTo(endpoint);
        }
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> Endpoint.of("localhost", 1)).hasMessageContaining("not a literal");
        assertThatThrownBy(() -> Endpoint.of("10.0.0.1", 65536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> Endpoint.of(InetSocketAddress.createUnresolved("x.invalid", 1)))
                .hasMessageContaining("x.invalid");
        assertThatThrownBy(() -> new Endpoint(IpFamily.IPV4, 1, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
