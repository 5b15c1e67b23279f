// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementAuthenticator;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A running sync group of two virtual routers of one kind, three others that send to it, and a clock. What must hold
 * is asserted after each packet.
 */
final class FuzzedGroup {

    private static final long WALL = 1_760_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long LONGEST_STEP = 60 * MILLI;
    private static final int ERA = 256;

    /** One router of the group with what checks its packets. */
    private record Member(VirtualRouter router, AdvertisementReceiver receiver) {}

    private final SplittableRandom random;
    private final PacketMutator mutator;
    private final RejectReason[] reason = new RejectReason[1];
    private final List<Member> members = new ArrayList<>();
    private final SyncGroup group;
    private final IpAddress[] senders;
    private final AdvertisementAuthenticator[] authenticators;
    private final IpAddress destination;
    private long now = 77 * 1000 * MILLI;
    private int turn;
    private long effects;

    FuzzedGroup(VirtualRouterConfig config, SplittableRandom random) {
        this.random = random;
        this.mutator = new PacketMutator(random);
        boolean six = config.family() == AddressFamily.IPV6;
        IpAddress ours = IpAddress.parse(six ? "fe80::5" : "192.0.2.5");
        String net = six ? "fe80::" : "192.0.2.";
        senders = new IpAddress[] {
            IpAddress.parse(net + "2"), IpAddress.parse(net + "9"), IpAddress.parse(net + (six ? "1e" : "30"))
        };
        destination = config.transport() instanceof Transport.Unicast
                ? ours
                : config.family().vrrpGroup();
        // One counter for all: a router that hears the others' authentication headers goes on from theirs.
        AdvertisementAuthenticator common = authenticator(config);
        authenticators = new AdvertisementAuthenticator[senders.length];
        for (int i = 0; i < senders.length; i++) {
            authenticators[i] =
                    config.authentication() instanceof Authentication.Header ? common : authenticator(config);
        }
        for (VirtualRouterConfig each : List.of(config, second(config))) {
            VirtualRouter router = new VirtualRouter(each, ours, effect -> effects++);
            AdvertisementReceiver receiver = new AdvertisementReceiver(each);
            if (each.onLinkSource()) {
                // The third sender is not.
                receiver.requireOnLinkSource(IpPrefix.parse("192.0.2.0/28")::contains);
            }
            members.add(new Member(router, receiver));
        }
        group = new SyncGroup("G", members.stream().map(Member::router).toList(), effect -> effects++);
        group.start(now);
    }

    /** One packet: grown from a valid one, heard or rejected. Null stands for "heard". */
    RejectReason step() {
        pass(random.nextLong(LONGEST_STEP));
        Member member = members.get(random.nextInt(members.size()));
        grow(member.router().config());
        Envelope envelope = mutator.envelope(reason);
        if (reason[0] != null) {
            return reason[0];
        }
        long rejectsBefore = member.receiver().rejects().total();
        long effectsBefore = effects;
        long deadline = member.router().nextDeadline();
        State before = member.router().state();
        Reception reception = member.receiver().receive(envelope, WALL + now / MILLI);
        assertThat(effects).isEqualTo(effectsBefore);
        assertThat(member.router().nextDeadline()).isEqualTo(deadline);
        if (reception instanceof RejectReason rejected) {
            assertThat(member.receiver().rejects().total()).isEqualTo(rejectsBefore + 1);
            return rejected;
        }
        assertThat(member.receiver().rejects().total()).isEqualTo(rejectsBefore);
        hear(member, before, (Heard) reception);
        return null;
    }

    private void hear(Member member, State before, Heard heard) {
        VirtualRouter router = member.router();
        VirtualRouterConfig config = router.config();
        Advertisement advertisement = heard.advertisement();
        assertThat(advertisement.version() == config.version() || config.dualVersion())
                .isTrue();
        assertThat(advertisement.virtualRouterId()).isEqualTo(config.virtualRouterId());
        assertThat(advertisement.intervalCentis()).isPositive();
        assertThat(advertisement.family()).isEqualTo(config.family());
        int priority = router.priority();
        router.onAdvertisement(advertisement, heard.source(), now);
        // Not our own echo, nor the version 2 of who speaks version 3 as well.
        boolean counts = !heard.source().equals(router.sourceAddress()) && advertisement.version() == config.version();
        if (before == State.ACTIVE && advertisement.priority() > priority && counts) {
            assertThat(router.state()).isEqualTo(State.BACKUP);
        } else {
            assertThat(router.state() == before || before == State.ACTIVE).isTrue();
        }
        check();
    }

    /** Lets time pass, with every timer at its time. */
    private void pass(long nanos) {
        long until = now + nanos;
        while (group.nextDeadline() <= until) {
            now = Math.max(now, group.nextDeadline());
            group.advance(now);
            check();
        }
        now = until;
    }

    private void check() {
        boolean active = group.state() == State.ACTIVE;
        for (Member member : members) {
            VirtualRouter router = member.router();
            assertThat(router.state()).isEqualTo(active ? State.ACTIVE : State.BACKUP);
            VirtualRouterConfig config = router.config();
            long longest = active
                    ? config.intervalCentis()
                    : (config.downTimerAdverts() + 1L) * Math.max(100, config.maxLearnedIntervalCentis());
            assertThat(router.nextDeadline()).isBetween(now, now + longest * 10 * MILLI);
            assertThat(router.activeIntervalCentis()).isBetween(1, config.maxLearnedIntervalCentis());
        }
    }

    /**
     * Builds a valid packet and changes it: nothing, or up to three things, with the checksum repaired in half of the
     * cases.
     */
    private void grow(VirtualRouterConfig config) {
        boolean again = random.nextInt(20) == 0 && turn > 0;
        turn++;
        if (!again) {
            int sender = random.nextInt(senders.length);
            try (AdvertisementPacket packet = new AdvertisementPacket(
                    advertisement(config),
                    senders[sender],
                    destination,
                    255,
                    authenticators[sender].signsWithHmac(),
                    PooledByteBufAllocator.DEFAULT)) {
                packet.stamp(1 + turn % 0xffff);
                assertThat(authenticators[sender].sign(packet, WALL + now / MILLI))
                        .isTrue();
                mutator.take(packet.octets(), senders[sender], destination);
            }
        }
        int changes = Math.max(0, random.nextInt(6) - 2);
        for (int i = 0; i < changes; i++) {
            mutator.mutate();
        }
        if (changes > 0 && random.nextBoolean()) {
            mutator.repairChecksum();
        }
    }

    private Advertisement advertisement(VirtualRouterConfig config) {
        // Eras of lower priorities let the group become active; the others take the role from it.
        boolean quiet = turn / ERA % 2 == 0;
        int priority = random.nextInt(8) == 0 ? 0 : quiet ? 1 + random.nextInt(99) : random.nextInt(256);
        Version version = config.dualVersion() && random.nextBoolean() ? Version.V2 : config.version();
        boolean free = version == Version.V3 && config.family() == AddressFamily.IPV4;
        ChecksumForm form = free
                ? (random.nextBoolean() ? ChecksumForm.MESSAGE_ONLY : ChecksumForm.PSEUDO_HEADER)
                : config.checksumMode().initialForm(version, config.family());
        int centis =
                version == Version.V3 && random.nextInt(4) == 0 ? 1 + random.nextInt(4095) : config.intervalCentis();
        return new Advertisement(
                version,
                config.virtualRouterId(),
                priority,
                centis,
                config.advertisedAddresses(),
                config.authentication(),
                form);
    }

    private static AdvertisementAuthenticator authenticator(VirtualRouterConfig config) {
        return new AdvertisementAuthenticator(
                config.authentication(), config.hmac(), config.intervalCentis(), List.of());
    }

    private static VirtualRouterConfig second(VirtualRouterConfig config) {
        return config.toBuilder().virtualRouterId(config.virtualRouterId() + 1).build();
    }
}
