// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.vrrp.LegResignation;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void thePeersReleaseComesFromOurOwnFile(@TempDir Path directory) throws IOException {
        assertThat(NodeMapping.of(settings, false).sync().orElseThrow().emitProfile())
                .isEqualTo(WireProfile.V1_4_7);
        Path own = Files.writeString(directory.resolve("own.conf"), """
                control_group netadmin
                peer-version 1.4.6 # the other one is not updated yet
                """);
        Settings both = settings.withOwn(Optional.of(own), Optional.empty());
        assertThat(both.hasErrors()).isFalse();
        assertThat(both.own().controlGroup()).contains("netadmin");
        assertThat(NodeMapping.of(both, false).sync().orElseThrow().emitProfile())
                .isEqualTo(WireProfile.V1_4_5);
    }

    /** primary-backup.sh starts a dead conntrackd again with conntrackd's file alone. */
    @Test
    void ourOwnFileIsFoundBesideConntrackds(@TempDir Path directory) throws IOException {
        Path conntrackd = Files.copy(Path.of("conf/conntrackd-fw1.conf"), directory.resolve("conntrackd.conf"));
        Settings both = Settings.read(Optional.empty(), Optional.of(conntrackd));
        assertThat(both.withOwn(Optional.empty(), Optional.of(conntrackd))).isEqualTo(both);

        Path beside = Files.writeString(directory.resolve("keepstate.conf"), "peer_byte_order big\n");
        Settings found = both.withOwn(Optional.empty(), Optional.of(conntrackd));
        assertThat(NodeMapping.of(found, false).sync().orElseThrow().emitProfile())
                .isEqualTo(WireProfile.V1_4_7.withHostOrder(ByteOrder.BIG_ENDIAN));
        assertThat(found.findings())
                .extracting(Finding::toString)
                .contains(beside + ": note: has the settings of our own");

        Path named = Files.writeString(directory.resolve("other.conf"), "peer_version 1.4.4\n");
        assertThat(both.withOwn(Optional.of(named), Optional.of(conntrackd))
                        .own()
                        .peerProfile())
                .as("the one that is named, and that alone")
                .contains(WireProfile.V1_4_4);

        Files.delete(beside);
        Files.createSymbolicLink(beside, directory.resolve("nowhere"));
        assertThat(both.withOwn(Optional.empty(), Optional.of(conntrackd)).hasErrors())
                .as("a file that is meant to be there")
                .isTrue();
    }

    @Test
    void whetherOnlyTheLinkIsHeardComesFromOurOwnFile(@TempDir Path directory) throws IOException {
        assertThat(NodeMapping.of(settings, false).routers()).noneMatch(VirtualRouterConfig::onLinkSource);
        Path own = Files.writeString(directory.resolve("own.conf"), "on_link_source yes\n");
        Settings checked = settings.withOwn(Optional.of(own), Optional.empty());
        assertThat(checked.hasErrors()).isFalse();
        assertThat(NodeMapping.of(checked, false).routers()).isNotEmpty().allMatch(VirtualRouterConfig::onLinkSource);
        Files.writeString(own, "on_link_source maybe\n");
        assertThat(settings.withOwn(Optional.of(own), Optional.empty()).findings())
                .extracting(Finding::toString)
                .contains(own + ":1: error: on_link_source: wants yes or no");
    }

    @Test
    void aReleaseNobodyKnowsIsAnErrorWithItsLine(@TempDir Path directory) throws IOException {
        Path own =
                Files.writeString(directory.resolve("own.conf"), "\npeer_version 1.3\npeers 2\npeer_byte_order x86\n");
        assertThat(settings.withOwn(Optional.of(own), Optional.empty()).findings())
                .extracting(Finding::toString)
                .contains(
                        own + ":2: error: peer_version: wants the release of the peer's conntrackd, 1.4.2 to 1.4.9",
                        own + ":3: error: peers: is no setting; there are control_group, peer_version,"
                                + " peer_byte_order, on_link_source, leg_resignation",
                        own
                                + ":4: error: peer_byte_order: wants the byte order of the peer's machine: little (x86,"
                                + " ARM) or big");
    }

    @Test
    void whatAResignationOnOneLegMeansComesFromOurOwnFile(@TempDir Path directory) throws IOException {
        assertThat(NodeMapping.of(settings, false).groups().get(0).rules().resignation())
                .isEqualTo(LegResignation.SILENT_LEGS);
        Path own = Files.writeString(directory.resolve("own.conf"), "leg_resignation this_leg\n");
        assertThat(NodeMapping.of(settings.withOwn(Optional.of(own), Optional.empty()), false)
                        .groups()
                        .get(0)
                        .rules()
                        .resignation())
                .isEqualTo(LegResignation.THIS_LEG);
        Files.writeString(own, "leg_resignation no_leg\n");
        assertThat(settings.withOwn(Optional.of(own), Optional.empty()).findings())
                .extracting(Finding::toString)
                .contains(own + ":1: error: leg_resignation: wants this_leg, silent_legs or all_legs");
    }

    /** Beside elections it means the statistics mode, which is no part of the node. */
    @Test
    void aFileWithNeitherSyncNorStatsLeavesTheElections(@TempDir Path directory) throws IOException {
        Path conntrackd = Files.writeString(
                directory.resolve("c.conf"), "General { UNIX { Path " + directory.resolve("ctl") + " } }");
        Settings elections = Settings.read(Optional.of(Path.of("conf/keepalived-fw1.conf")), Optional.of(conntrackd));
        assertThat(elections.hasErrors()).isFalse();
        NodeConfiguration node = NodeMapping.of(elections, false);
        assertThat(node.groups()).hasSize(1);
        assertThat(node.sync()).isEmpty();
    }

    @Test
    void withoutSyncOnlyTheElectionsStay() {
        assertThat(NodeMapping.of(settings, true).sync()).isEmpty();
    }
}
