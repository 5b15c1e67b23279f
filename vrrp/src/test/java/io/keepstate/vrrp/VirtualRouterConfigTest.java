// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class VirtualRouterConfigTest {

    @Test
    void the_defaults_are_keepaliveds() {
        VirtualRouterConfig config = VirtualRouterConfig.builder("E1", "eth0")
                .virtualRouterId(61)
                .address("192.0.2.100")
                .build();
        assertThat(config.version()).isEqualTo(Version.V2);
        assertThat(config.priority()).isEqualTo(100);
        assertThat(config.intervalCentis()).isEqualTo(100);
        assertThat(config.preempt()).isTrue();
        assertThat(config.addresses().get(0)).hasToString("192.0.2.100/32 dev eth0");
        assertThat(config.announcements().repeat()).isEqualTo(5);
        assertThat(config.announcements().delay()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void what_cannot_work_is_refused_with_the_name_of_the_router_and_the_setting() {
        refused(it -> it.virtualRouterId(0), "virtual router E1: VRID 0 must be 1 to 255");
        refused(it -> it.priority(256), "virtual router E1: priority 256 must be 1 to 255");
        refused(it -> it.address("2001:db8::1"), "is not of the family of the first one");
        refused(it -> it.interval(Duration.ofMillis(500)), "version 2 takes whole seconds");
        refused(it -> it.interval(Duration.ofSeconds(256)), "version 2 takes whole seconds");
        refused(it -> it.interval(Duration.ofMillis(15)), "whole number of centiseconds");
        refused(it -> it.version(Version.V3).interval(Duration.ofSeconds(41)), "version 3 takes 1 to 4095");
        refused(it -> it.version(Version.V3).authentication(Authentication.password("x")), "no authentication");
        refused(it -> it.address("192.0.2.1/33"), "prefix length 33");
        refused(it -> it.address("192.0.2.1/x"), "'192.0.2.1/x' is not a virtual address");
        refused(it -> it.excludedAddress("224.0.0.18"), "is a multicast address");
        assertThatThrownBy(() -> VirtualRouterConfig.builder("E1", "eth0")
                        .virtualRouterId(1)
                        .build())
                .hasMessageContaining("it needs 1 to 255");
    }

    @Test
    void an_ipv6_router_speaks_version_3_unless_told_otherwise() {
        VirtualRouterConfigBuilder builder =
                VirtualRouterConfig.builder("E6", "eth0").virtualRouterId(1).address("fe80::100/64");
        assertThat(builder.build().version()).isEqualTo(Version.V3);
        assertThat(builder.version(Version.V2).build().version()).isEqualTo(Version.V2);
        assertThatThrownBy(builder.authentication(Authentication.password("x"))::build)
                .hasMessageContaining("version 2 over IPv6 has no authentication");
    }

    private static void refused(UnaryOperator<VirtualRouterConfigBuilder> change, String complaint) {
        assertThatThrownBy(() -> change.apply(Bench.config(Version.V2)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }
}
