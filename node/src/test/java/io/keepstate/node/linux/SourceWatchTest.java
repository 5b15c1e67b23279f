// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.BoundedQueue;
import io.keepstate.node.Groups;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.ToVrrp;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.Waker;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.linux.SourceAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known of the addresses that routers advertise from while groups come and go; the host is not asked. */
class SourceWatchTest {
    private static final Addresses NOWHERE = new Addresses() {
        @Override
        public void up(VrrpGroup group, Completion done) {}

        @Override
        public void down(VrrpGroup group, Completion done) {}
    };

    private final BoundedQueue<ToVrrp> told = new BoundedQueue<>(8, Waker.NONE);

    @Test
    void aGroupThatComesInThePlaceOfOneOfTheSameNamesIsInFaultWithoutASource() {
        VrrpGroup before = Groups.group("G1", 100, 61);
        SourceWatch watch = watching(before);
        // Looked for before the other group went, which is forgotten by the names of its routers.
        VrrpGroup after = before.with(
                before.routers().get(0).toBuilder().virtualRouterId(99).build());
        IdentityHashMap<VirtualRouterConfig, IpAddress> sources = new IdentityHashMap<>();
        sources.put(after.routers().get(0), SourceAddress.unspecified(AddressFamily.IPV4));
        sources.put(after.routers().get(1), IpAddress.parse("172.16.0.1"));
        watch.remove(before);
        watch.add(after, sources);
        watch.tellMissing();
        assertThat(told.poll()).isEqualTo(new ToVrrp.SourceChanged("E61", Optional.empty()));
        assertThat(told.poll()).isNull();
    }

    private SourceWatch watching(VrrpGroup group) {
        SourceWatch watch = new SourceWatch(null, group.routers(), null, null, false);
        SyncDuty duty = new SyncDuty(
                NodeConfiguration.of(List.of(group)),
                null,
                NOWHERE,
                address -> {},
                new BoundedQueue<>(8, Waker.NONE),
                told,
                event -> {},
                0);
        watch.tells(duty.elections());
        return watch;
    }
}
