// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.node.stats.RouterSnapshot;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TrackedProcess;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.HmacKey;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.KeepalivedStatistic;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written for instances, beside what the installed keepalived 2.2.7 writes for the same. */
class InstanceStatusTest {
    private static final InstanceScripts SCRIPTS = new InstanceScripts(
            Map.of("script_master", InstanceScripts.quoted(List.of("/usr/bin/true", "m"))),
            false,
            Map.of("chk", "'/bin/chk' 'a b'"));

    private static final IpAddress SOURCE = IpAddress.parse("10.9.0.1");

    @TempDir
    Path directory;

    @Test
    void jsonHasKeepalivedsKeysInItsOrder() {
        String json = InstanceJson.of(List.of(status(version3())));
        assertThat(json)
                .startsWith("[{\"data\":{\"iname\":\"E1\",\"dont_track_primary\":0,\"skip_check_adv_addr\":0,"
                        + "\"strict_mode\":0,\"vmac_ifname\":\"\",\"ifp_ifname\":\"eth0\",\"master_priority\":0,"
                        + "\"last_transition\":1795375274.017000,\"garp_delay\":5,\"garp_refresh\":0,\"garp_rep\":5,")
                .contains(
                        "\"vipset\":true",
                        "\"adver_int\":0.1,",
                        "\"master_adver_int\":0.1,",
                        "\"state\":2,\"wantstate\":2,\"version\":3,",
                        "\"script_master\":\"'/usr/bin/true' 'm'\"",
                        "\"vips\":[\"10.9.0.100/24 dev eth0 scope global set\"]",
                        "\"evips\":[\"2001:db8::1/64 dev eth0 scope global preferred_lft forever set\"]")
                .doesNotContain("auth_data", "vroutes", "track_ifp")
                .endsWith("\"pri_zero_rcvd\":0,\"pri_zero_sent\":0}}]\n");
    }

    @Test
    void aBackupTellsOfTheRouterItHears() {
        IpAddress peer = IpAddress.parse("10.9.0.2");
        RouterSnapshot backup = snapshot(version3(), State.BACKUP, peer, 150, 200);
        List<InstanceStatus> all = List.of(new InstanceStatus(backup, InstanceStatistics.of(backup), SCRIPTS, false));
        assertThat(InstanceJson.of(all)).contains("\"master_priority\":150,");
        assertThat(InstanceDataText.of(all, ZoneId.of("UTC")))
                .contains("   State = BACKUP\n   Master router = 10.9.0.2\n   Master priority = 150\n"
                        + "   Master advert int = 2.00 sec\n   Wantstate = BACKUP\n");

        RouterSnapshot version2 = snapshot(version2(), State.BACKUP, peer, 150, 100);
        assertThat(InstanceDataText.of(
                        List.of(new InstanceStatus(version2, InstanceStatistics.of(version2), SCRIPTS, false)),
                        ZoneId.of("UTC")))
                .contains("   Master priority = 150\n   Wantstate = BACKUP\n");
    }

    @Test
    void ofWhoHasHeardNobodyOrIsActiveItselfNoOtherMasterIsTold() {
        RouterSnapshot deaf = snapshot(version3(), State.BACKUP, null, 0, 10);
        List<InstanceStatus> both =
                List.of(new InstanceStatus(deaf, InstanceStatistics.of(deaf), SCRIPTS, false), status(version3()));
        assertThat(InstanceDataText.of(both, ZoneId.of("UTC")))
                .contains("State = BACKUP", "State = MASTER")
                .doesNotContain("Master router", "Master priority", "Master advert int =");
    }

    @Test
    void version2OfTheJsonIsAnObject() {
        assertThat(InstanceJson.of(List.of(), List.of(), 2)).isEqualTo("{\"vrrp\":[]}\n");
        assertThat(InstanceJson.of(List.of())).isEqualTo("[]\n");
        TrackedProcess process = new TrackedProcess(
                "dns",
                "named",
                List.of("-u", "bind"),
                TrackedProcess.ParameterMatch.PARTIAL,
                false,
                2,
                OptionalInt.of(4),
                Duration.ZERO,
                Duration.ofMillis(1_500));
        assertThat(InstanceJson.of(List.of(), List.of(new ProcessStatus(process, -7)), 2))
                .isEqualTo("{\"vrrp\":[],\"track_process\":[{\"process\":\"dns\",\"parameters\":\"-u bind\","
                        + "\"param_match\":\"partial\",\"min_processes\":2,\"max_processes\":4,\"weight\":-7,"
                        + "\"terminate_delay\":1.5,\"fork_delay\":0,\"full_command\":false}]}\n");
    }

    @Test
    void aPasswordIsShownAsKeepalivedShowsIt() {
        String json = InstanceJson.of(List.of(status(version2())));
        assertThat(json)
                .contains("\"auth_type\":1,\"auth_data\":\"zzzz\"")
                .contains("\"vips\":[\"10.9.1.100 dev eth1 scope global set\"]")
                .contains("\"adver_int\":1,");
    }

    @Test
    void rejectedPacketsAreCountedUnderKeepalivedsNames() {
        InstanceStatistics statistics = InstanceStatistics.of(snapshot(version2()));
        assertThat(InstanceJson.of(List.of(new InstanceStatus(snapshot(version2()), statistics, SCRIPTS, false))))
                .contains("\"packet_len_err\":5,")
                .contains("\"ip_ttl_err\":1,")
                .contains("\"auth_failure\":7,");
        assertThat(InstanceStatisticsText.of(
                        List.of(new InstanceStatus(snapshot(version2()), statistics, InstanceScripts.NONE, false))))
                .startsWith("VRRP Instance: I1\n  Advertisements:\n    Received: 0\n")
                .contains("    Length: 5\n    TTL: 1\n")
                .endsWith("  Priority Zero:\n    Received: 0\n    Sent: 0\n");
    }

    @Test
    void anInstanceWithHmacHasTheCountersOfKeepalived24() {
        VirtualRouterConfig config = version3().toBuilder()
                .hmac(HmacAuthentication.of(HmacKey.parse(1, "0123456789abcdef0123456789abcdef")))
                .build();
        assertThat(InstanceJson.of(List.of(status(config))))
                .contains(
                        "\"auth_failure\":7,\"auth_ext_missing\":0,\"auth_ext_malformed\":0,\"auth_ext_stale\":4,"
                                + "\"auth_ext_unknown_key\":0,\"auth_ext_bad_hmac\":0,\"auth_ext_replay\":0,\"pri_zero_rcvd\":0");
        assertThat(InstanceJson.of(List.of(status(version3())))).doesNotContain("auth_ext");
    }

    @Test
    void clearedCountersBeginAtZeroAgain() {
        InstanceStatistics before = InstanceStatistics.of(snapshot(version2()));
        InstanceStatistics since = InstanceStatistics.of(snapshot(version2())).since(before);
        assertThat(since.rejected().values()).allMatch(count -> count == 0);
    }

    @Test
    void aRouterThatIsMadeAnewUnderItsNameCountsFromZero() {
        ClearedCounters cleared = new ClearedCounters();
        RouterSnapshot old = snapshot(version2());
        cleared.clear(old);
        assertThat(cleared.of(old).rejected(KeepalivedStatistic.PACKET_LEN_ERR)).isZero();
        RouterSnapshot other =
                snapshot(version2().toBuilder().virtualRouterId(63).build());
        assertThat(cleared.of(other).rejected(KeepalivedStatistic.PACKET_LEN_ERR))
                .isEqualTo(5);
        cleared.clear(old);
        RouterSnapshot fresh = new RouterSnapshot(
                old.config(),
                old.group(),
                old.state(),
                old.priority(),
                old.source(),
                old.activeRouter(),
                old.activePriority(),
                old.activeIntervalCentis(),
                old.changedMillis(),
                old.counters(),
                Map.of(RejectReason.BAD_TTL, 3L),
                old.faults());
        InstanceStatistics since = cleared.of(fresh);
        assertThat(since.rejected(KeepalivedStatistic.IP_TTL_ERR)).isEqualTo(3);
        assertThat(since.rejected().values()).allMatch(count -> count >= 0);
    }

    @Test
    void ofATrackedScriptTheCommandIsShownAndStrictModeIsTold() {
        VirtualRouterConfig config = version3().toBuilder()
                .track(Track.required(new Tracked(Tracked.Kind.SCRIPT, "chk")))
                .build();
        RouterSnapshot router = snapshot(config);
        assertThat(InstanceJson.of(List.of(new InstanceStatus(router, InstanceStatistics.of(router), SCRIPTS, true))))
                .contains("\"strict_mode\":1,", "\"track_script\":[\"'/bin/chk' 'a b'\"]");
    }

    @Test
    void dataNamesGroupAndMembers() {
        String data = InstanceDataText.of(List.of(status(version3())), ZoneId.of("UTC"));
        assertThat(data)
                .startsWith("------< VRRP Topology >------\n VRRP Instance = E1\n   VRRP Version = 3\n")
                .contains("   State = MASTER\n", "   Advert interval = 100 milli-sec\n", "   Virtual Router ID = 61\n")
                .contains("   Virtual IP (1):\n     10.9.0.100/24 dev eth0 scope global set\n")
                .endsWith(" VRRP Sync Group = G1, MASTER\n   VRRP member instances :\n     E1\n");
    }

    @Test
    void aFileIsReplacedAsAWholeAndIsItsOwnersAlone() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "precious");
        Path file = Files.createSymbolicLink(directory.resolve("keepalived.json"), other);
        StatusFile.write(file, "[]\n");
        assertThat(file).hasContent("[]").isRegularFile();
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(other).hasContent("precious");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryNotContaining("glob:**.keepalived*");
    }

    @Test
    void aFileThatCannotBeWrittenIsOneSentence() {
        assertThatThrownBy(() -> StatusFile.write(directory.resolve("none/keepalived.json"), ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("check that its directory exists");
    }

    private static VirtualRouterConfig version3() {
        return VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(61)
                .interval(Duration.ofMillis(100))
                .address("10.9.0.100/24")
                .excludedAddress("2001:db8::1/64")
                .build();
    }

    private static VirtualRouterConfig version2() {
        return VirtualRouterConfig.builder("I1", "eth1")
                .virtualRouterId(62)
                .authentication(Authentication.password("zzzz"))
                .address("10.9.1.100")
                .build();
    }

    private static InstanceStatus status(VirtualRouterConfig config) {
        RouterSnapshot router = snapshot(config);
        return new InstanceStatus(router, InstanceStatistics.of(router), SCRIPTS, false);
    }

    private static RouterSnapshot snapshot(VirtualRouterConfig config) {
        return snapshot(config, State.ACTIVE, SOURCE, config.priority(), config.intervalCentis());
    }

    private static RouterSnapshot snapshot(
            VirtualRouterConfig config, State state, @Nullable IpAddress active, int priority, int intervalCentis) {
        return new RouterSnapshot(
                config,
                "G1",
                state,
                config.priority(),
                SOURCE,
                Optional.ofNullable(active),
                priority,
                intervalCentis,
                1_795_375_274_017L,
                new VirtualRouter(config, SOURCE, effect -> {}).counters(),
                Map.of(
                        RejectReason.TRUNCATED, 2L,
                        RejectReason.LENGTH_MISMATCH, 3L,
                        RejectReason.BAD_TTL, 1L,
                        RejectReason.HMAC_STALE, 4L,
                        RejectReason.WRONG_PASSWORD, 7L),
                List.of());
    }
}
