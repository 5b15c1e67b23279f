// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.RoleChanged;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TrackedFile;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.TrackedScript;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a running node tracks decides its elections. */
@ExtendWith(LabExtension.class)
class TrackersNodeKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Lab lab;
    private LabNamespace a;
    private LabNamespace b;
    private Path tracked;

    @BeforeEach
    void cable(Lab given) {
        lab = given;
        tracked = lab.directory().resolve("tracked");
        a = lab.namespace("a");
        b = lab.namespace("b");
        lab.veth(a, "eth0", b, "eth0");
        a.address("eth0", "10.9.0.1/24");
        b.address("eth0", "10.9.0.2/24");
    }

    @Test
    void aScriptThatFailsCostsTheRoleAndOneThatWorksAgainBringsItBack() throws Exception {
        Files.createFile(tracked);
        TrackedScript script =
                TrackedScript.of("check", List.of("/usr/bin/test", "-e", tracked.toString()), Duration.ofMillis(100));
        TrackedObjects objects = new TrackedObjects(List.of(script), List.of(), List.of(), List.of(), false);
        Track track = new Track(new Tracked(Tracked.Kind.SCRIPT, "check"), -60, false);
        theRoleFollows(objects, track, () -> Files.delete(tracked), () -> Files.createFile(tracked));
    }

    @Test
    void aNumberInAFileCostsTheRoleAndBringsItBack() throws Exception {
        Files.writeString(tracked, "0\n");
        TrackedFile file = TrackedFile.of("manual", tracked.toString());
        TrackedObjects objects = new TrackedObjects(List.of(), List.of(file), List.of(), List.of(), false);
        Track track = new Track(new Tracked(Tracked.Kind.FILE, "manual"), 2, false);
        theRoleFollows(
                objects, track, () -> Files.writeString(tracked, "-30\n"), () -> Files.writeString(tracked, "0\n"));
    }

    /** A reload brings a script, another one in its place, a file, static entries, and takes all away again. */
    @Test
    void whatIsTrackedCanBeReloadedWithoutCostingTheRole() throws Exception {
        Files.createFile(tracked);
        LinuxNode first = start(a, 150, TrackedObjects.NONE, router -> router);
        Lab.eventually(PATIENCE, () -> isActive(first) && a.holds("10.9.0.100"), "the first is active");
        List<String> changes = new CopyOnWriteArrayList<>();
        LinuxNode second = start(b, 100, TrackedObjects.NONE, router -> router, event -> {
            if (event instanceof RoleChanged change) {
                changes.add(change.role().toString());
            }
        });
        Lab.eventually(PATIENCE, () -> changes.equals(List.of("BACKUP")), "the second is a backup");

        Track required = Track.required(new Tracked(Tracked.Kind.SCRIPT, "check"));
        Track weighted = new Track(new Tracked(Tracked.Kind.FILE, "manual"), 1, false);
        Track group = Track.required(StaticEntries.group("S"));
        Path number = Files.writeString(lab.directory().resolve("number"), "-20\n");
        TrackedScript script =
                TrackedScript.of("check", List.of("/usr/bin/test", "-e", tracked.toString()), Duration.ofMillis(100));
        StaticEntries statics = new StaticEntries(
                List.of(new StaticEntries.Entry<>(VirtualAddress.parse("10.8.0.1/24", "eth0"), Optional.of("S"))),
                List.of(),
                List.of());
        NodeConfiguration tracking = configuration(
                        150, router -> router.track(required).track(weighted).track(group))
                .withTracked(new TrackedObjects(
                        List.of(script),
                        List.of(TrackedFile.of("manual", number.toString())),
                        List.of(),
                        List.of(),
                        false))
                .withStatics(statics);
        first.reload(tracking);
        Lab.eventually(PATIENCE, () -> first.routers().get(0).priority() == 130, "the file counts");
        assertThat(a.holds("10.8.0.1")).isTrue();
        assertThat(changes).as("the role was never given away").containsExactly("BACKUP");

        Files.delete(tracked);
        Lab.eventually(PATIENCE, () -> isActive(second) && b.holds("10.9.0.100"), "the script costs the role");
        TrackedScript works = TrackedScript.of("check", List.of("/bin/true"), Duration.ofMillis(100));
        first.reload(tracking.withTracked(
                new TrackedObjects(List.of(works), tracking.tracked().files(), List.of(), List.of(), false)));
        Lab.eventually(PATIENCE, () -> isActive(first) && a.holds("10.9.0.100"), "another script brings it back");

        changes.clear();
        first.reload(configuration(150, router -> router));
        Lab.eventually(PATIENCE, () -> first.routers().get(0).priority() == 150, "nothing counts any more");
        assertThat(a.holds("10.8.0.1")).isFalse();
        assertThat(changes).isEmpty();
    }

    @Test
    void aSourceAddressIsWaitedForAndCanBeChangedByAReload() throws Exception {
        IpAddress wanted = IpAddress.parse("10.9.0.77");
        LinuxNode node = start(
                a,
                150,
                TrackedObjects.NONE,
                router -> router.sourceAddress(wanted).trackSource(true));
        Lab.eventually(PATIENCE, () -> state(node) == State.FAULT, "it is in fault without its source address");
        a.address("eth0", "10.9.0.77/24");
        Lab.eventually(PATIENCE, () -> isActive(node), "it is active with it");
        assertThat(node.routers().get(0).source()).isEqualTo(wanted);

        node.reload(configuration(150, router -> router));
        Lab.eventually(
                PATIENCE,
                () -> node.routers().get(0).source().equals(IpAddress.parse("10.9.0.1")),
                "it advertises from the first address of its interface");
        assertThat(isActive(node)).isTrue();
        a.run("ip", "address", "flush", "dev", "eth0");
        Lab.eventually(PATIENCE, () -> state(node) == State.FAULT, "without any address it is in fault");
    }

    private static State state(LinuxNode node) {
        return node.routers().get(0).state();
    }

    /** Something that is done to a file. */
    private interface Change {
        void make() throws IOException;
    }

    private void theRoleFollows(TrackedObjects objects, Track track, Change bad, Change good) throws Exception {
        LinuxNode first = start(a, 150, objects, router -> router.track(track));
        Lab.eventually(PATIENCE, () -> isActive(first) && a.holds("10.9.0.100"), "the first is active");
        LinuxNode second = start(b, 100, TrackedObjects.NONE, router -> router);
        assertThat(isActive(second)).isFalse();

        bad.make();
        Lab.eventually(
                PATIENCE,
                () -> isActive(second) && b.holds("10.9.0.100") && !a.holds("10.9.0.100"),
                "the second is active");
        assertThat(first.routers().get(0).priority()).isEqualTo(90);

        good.make();
        Lab.eventually(
                PATIENCE,
                () -> isActive(first) && a.holds("10.9.0.100") && !b.holds("10.9.0.100"),
                "the first is active again");
    }

    private static boolean isActive(LinuxNode node) {
        return node.roles().equals(Map.of("G", Role.ACTIVE));
    }

    private LinuxNode start(
            LabNamespace host, int priority, TrackedObjects objects, UnaryOperator<VirtualRouterConfigBuilder> more)
            throws Exception {
        return start(host, priority, objects, more, event -> {});
    }

    private static NodeConfiguration configuration(int priority, UnaryOperator<VirtualRouterConfigBuilder> more) {
        VirtualRouterConfig router = more.apply(VirtualRouterConfig.builder("R", "eth0")
                        .version(Version.V3)
                        .virtualRouterId(61)
                        .priority(priority)
                        .interval(Duration.ofMillis(100))
                        .address("10.9.0.100/24"))
                .build();
        return NodeConfiguration.of(List.of(new VrrpGroup("G", List.of(router))));
    }

    private LinuxNode start(
            LabNamespace host,
            int priority,
            TrackedObjects objects,
            UnaryOperator<VirtualRouterConfigBuilder> more,
            NodeListener listener)
            throws Exception {
        LinuxNode node = lab.closing(LinuxNode.builder()
                .configuration(configuration(priority, more).withTracked(objects))
                .listener(listener)
                .realTimePriority(0)
                .build());
        host.call(() -> {
            node.start();
            return null;
        });
        return node;
    }
}
