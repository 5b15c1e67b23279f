// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.UnicastPeer;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SourceAnnouncementsTest {
    private static final IpAddress OWN = IpAddress.parse("10.9.0.1");

    private final List<String> announced = new ArrayList<>();
    private final SourceAnnouncements announcements =
            new SourceAnnouncements(address -> announced.add(address.address() + " " + address.interfaceName()));

    private static VirtualRouterConfigBuilder router() {
        return VirtualRouterConfig.builder("E1", "eth0").virtualRouterId(51).address("10.9.0.100/24");
    }

    private static VirtualRouterConfig unicast() {
        UnicastPeer peer = new UnicastPeer(IpAddress.parse("10.9.0.2"), OptionalInt.empty(), OptionalInt.empty());
        return router().transport(new Transport.Unicast(List.of(peer), OptionalInt.empty(), false))
                .build();
    }

    private void run() {
        while (announcements.nextDeadline() != Long.MAX_VALUE) {
            announcements.advance(announcements.nextDeadline());
        }
    }

    @Test
    void the_own_address_of_a_unicast_router_is_announced_five_times_when_its_link_is_back() {
        announcements.onLinkBack("eth0", unicast(), OWN, 0);
        run();
        assertThat(announced).hasSize(5).containsOnly("10.9.0.1 eth0");
    }

    @Test
    void nothing_is_announced_for_multicast_for_another_link_or_without_an_address() {
        announcements.onLinkBack("eth0", router().build(), OWN, 0);
        announcements.onLinkBack("eth1", unicast(), OWN, 0);
        announcements.onLinkBack("eth0", unicast(), SourceAddress.unspecified(OWN.family()), 0);
        run();
        assertThat(announced).isEmpty();
    }
}
