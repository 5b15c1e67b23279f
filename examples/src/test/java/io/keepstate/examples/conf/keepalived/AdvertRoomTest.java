// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** No advert is longer than a packet of its interface. */
class AdvertRoomTest {
    @Test
    void whatAnIpv6AdvertHasNoRoomForIsExcludedInTheOrderOfTheFile() {
        Reading<KeepalivedConfig> reading = read("2001:db8::", 91, "", 1500);
        VirtualRouterConfig router = reading.get().instances().get(0).router();
        // (1500 - 40 - 8 - 24) / 16: keepalived 2.2.7 says so too
        assertThat(router.addresses()).hasSize(89);
        assertThat(router.excludedAddresses())
                .extracting(VirtualAddress::toString)
                .containsExactly("2001:db8::5a/128 dev eth0", "2001:db8::5b/128 dev eth0", "2001:db8::ff/128 dev eth0");
        assertThat(reading.findings())
                .extracting(Finding::toString)
                .singleElement()
                .asString()
                .contains("k:1: invalid: virtual_ipaddress", "room for 89 addresses", "the last 2");
    }

    @Test
    void thereIsRoomForAnyAuthentication() {
        assertThat(advertised("10.0.0.", 200, "", 576)).isEqualTo((576 - 20 - 8 - 24) / 4);
        assertThat(advertised("10.0.0.", 31, "", 100)).as("as keepalived 2.2.7").isEqualTo(12);
        assertThat(advertised("10.0.0.", 200, "authentication {\nauth_type AH\nauth_pass x\n}", 576))
                .isEqualTo((576 - 20 - 24 - 8 - 8) / 4);
        assertThat(advertised("10.0.0.", 200, "version 3", 576)).isEqualTo((576 - 20 - 8 - 24) / 4);
        assertThat(advertised("10.0.0.", 200, "auth_hmac {\nkey 1 01234567890123456789012345678901\n}", 576))
                .isEqualTo((576 - 20 - 8 - 8 - 28) / 4);
    }

    @Test
    void whatFitsAndWhatNobodyKnowsIsLeftAsItIs() {
        assertThat(read("2001:db8::", 89, "", 1500).findings()).isEmpty();
        assertThat(advertised("2001:db8::", 92, "", 0)).isEqualTo(92);
    }

    private static int advertised(String prefix, int count, String lines, int mtu) {
        return read(prefix, count, lines, mtu)
                .get()
                .instances()
                .get(0)
                .router()
                .addresses()
                .size();
    }

    private static Reading<KeepalivedConfig> read(String prefix, int count, String lines, int mtu) {
        boolean six = prefix.contains(":");
        List<String> addresses = IntStream.rangeClosed(1, count)
                .mapToObj(i -> prefix + (six ? Integer.toHexString(i) : i))
                .toList();
        String text = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 7\n" + lines + "\nvirtual_ipaddress {\n"
                + addresses.stream().collect(Collectors.joining("\n")) + "\n}\nvirtual_ipaddress_excluded {\n" + prefix
                + (six ? "ff" : "255") + "\n}\n}\n";
        return AdvertRoom.fit(KeepalivedReader.read("k", text), "k", machine(mtu));
    }

    private static Surroundings machine(int mtu) {
        return new Surroundings() {
            @Override
            public boolean hasInterface(String name) {
                return true;
            }

            @Override
            public OptionalInt mtu(String name) {
                return mtu == 0 ? OptionalInt.empty() : OptionalInt.of(mtu);
            }

            @Override
            public boolean hasUser(String name) {
                return true;
            }

            @Override
            public ScriptFile script(String program) {
                return ScriptFile.GOOD;
            }
        };
    }
}
