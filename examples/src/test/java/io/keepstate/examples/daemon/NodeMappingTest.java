// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The reference files arrive at the node. */
class NodeMappingTest {
    private final Settings settings = Settings.read(
            Optional.of(Path.of("conf/keepalived-fw1.conf")), Optional.of(Path.of("conf/conntrackd-fw1.conf")));

    @Test
    void theGroupMovesAsOne() {
        NodeConfiguration node = NodeMapping.of(settings, false);
        assertThat(node.groups()).hasSize(1);
        assertThat(node.groups().get(0).routers())
                .extracting(VirtualRouterConfig::name)
                .containsExactly("E1", "I1");
        VirtualRouterConfig e1 = node.groups().get(0).routers().get(0);
        assertThat(e1.virtualRouterId()).isEqualTo(61);
        assertThat(e1.priority()).isEqualTo(100);
        assertThat(e1.intervalCentis()).isEqualTo(100);
        assertThat(e1.allAddresses()).hasSize(2);
        assertThat(e1.announcements().delay()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void theSyncSideHasEverySetting() {
        SyncConfiguration sync = NodeMapping.of(settings, false).sync().orElseThrow();
        assertThat(sync.commitTimeout()).contains(Duration.ofSeconds(1800));
        assertThat(sync.purgeTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(sync.flowLimit()).isEqualTo(131_072);
        assertThat(sync.netlink().buffer()).isEqualTo(2_097_152);
        assertThat(sync.netlink().bufferLimit()).isEqualTo(8_388_608);
        assertThat(sync.link().port()).isEqualTo(3780);
        assertThat(sync.link().interfaceName()).contains("eth2");
        assertThat(sync.link().sendBuffer()).isEqualTo(1_249_280);
        assertThat(sync.filter().protocols().orElseThrow().values()).containsExactly(1, 6, 17, 58);
        assertThat(sync.filter().addresses().orElseThrow().accept()).isFalse();
        assertThat(sync.filter().addresses().orElseThrow().values()).hasSize(16);
    }

    @Test
    void withoutSyncOnlyTheElectionsStay() {
        assertThat(NodeMapping.of(settings, true).sync()).isEmpty();
    }
}
