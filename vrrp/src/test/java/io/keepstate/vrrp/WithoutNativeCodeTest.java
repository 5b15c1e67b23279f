// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.keepstate.linux.lab.BareClassPath;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementCodec;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCounted;
import org.junit.jupiter.api.Test;

/** Who uses the codec and the state machine gets no native jars: they run on this module and netty-buffer alone. */
class WithoutNativeCodeTest {

    @Test
    void codecAndStateMachineRunWithoutTheLinuxModuleOnTheClassPath() throws Exception {
        try (BareClassPath bare = BareClassPath.of(
                VirtualRouter.class, WithoutNativeCodeTest.class, ByteBuf.class, ReferenceCounted.class)) {
            assertThat(bare.holds("io.keepstate.vrrp.codec.AdvertisementCodec")).isTrue();
            assertThat(bare.holds("io.keepstate.linux.socket.RawSocket")).isFalse();
            assertThat(bare.holds("jnr.ffi.Pointer")).isFalse();
            assertThatCode(() -> bare.run(Election.class)).doesNotThrowAnyException();
        }
    }

    /** Elects a router and decodes what it says. */
    public static final class Election implements Runnable {
        @Override
        public void run() {
            Envelope envelope = new Envelope();
            IpAddress source = IpAddress.parse("fe80::5");
            IpAddress group = AddressFamily.IPV6.vrrpGroup();
            Advertisement[] said = new Advertisement[1];
            VirtualRouterConfig config = VirtualRouterConfig.builder("E1", "eth0")
                    .version(Version.V3)
                    .virtualRouterId(51)
                    .address("fe80::100/64")
                    .build();
            VirtualRouter router = new VirtualRouter(config, source, effect -> {
                if (effect instanceof Effect.SendAdvertisement send) {
                    said[0] = send.advertisement();
                }
            });
            router.start(0);
            router.advance(router.nextDeadline());
            ByteBuf octets = Unpooled.buffer();
            AdvertisementCodec.encode(said[0], source, group, octets);
            envelope.setIpv6(octets, source.high(), source.low(), group.high(), group.low(), Envelope.HOP_LIMIT);
            if (!AdvertisementCodec.decode(envelope, ChecksumMode.AUTO).equals(said[0])) {
                throw new IllegalStateException("not what was said: " + said[0]);
            }
        }
    }
}
