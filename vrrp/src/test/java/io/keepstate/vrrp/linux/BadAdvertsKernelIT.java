// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.process.Scheduling;
import io.keepstate.linux.socket.PacketSocket;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.HmacKey;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Twenty bad packets a second of each kind, to an active router and its backup: nothing of it delays an advertisement of the
 * one or promotes the other. With {@code keepstate.long} for a minute and with the full precision.
 */
@ExtendWith(LabExtension.class)
class BadAdvertsKernelIT {

    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int SECONDS = LONG ? 60 : 10;
    private static final int PER_SECOND = 20;
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LATEST = TimeUnit.MILLISECONDS.toNanos(LONG ? 20 : 60);
    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final int REAL_TIME_PRIORITY = 20;

    private static final int PLAIN = 61;
    private static final int SIGNED = 62;
    private static final int IP = 14;
    private static final int MESSAGE = IP + 20;
    private static final int MESSAGE_OCTETS = 12;

    private final Map<String, List<Long>> sent = new ConcurrentHashMap<>();
    private final List<String> changes = new CopyOnWriteArrayList<>();

    @Test
    void twenty_bad_packets_a_second_of_each_kind_neither_delay_an_active_router_nor_promote_its_backup(Lab lab)
            throws Exception {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        LabNamespace attacker = lab.namespace("attacker");
        LabNamespace wires = lab.namespace("wires");
        lab.veth(a, "eth0", wires, "a");
        lab.veth(b, "eth0", wires, "b");
        lab.veth(attacker, "eth0", wires, "c");
        wires.bridge("lan", "a", "b", "c");
        a.address("eth0", "10.9.0.1/24");
        b.address("eth0", "10.9.0.2/24");
        VrrpService active = lab.closing(start(a, 200));
        Lab.eventually(PATIENCE, () -> changes.contains("a P ACTIVE") && changes.contains("a S ACTIVE"), "elected");
        VrrpService backup = lab.closing(start(b, 100));
        Lab.eventually(PATIENCE, () -> changes.contains("b P BACKUP") && changes.contains("b S BACKUP"), "backed up");

        Ear ear = lab.closing(new Ear(attacker));
        Lab.eventually(PATIENCE, () -> ear.recorded() != null, "a signed advertisement is recorded");
        changes.clear();
        sent.values().forEach(List::clear);
        int rounds = attack(attacker, ear);

        assertThat(changes).as("changes of state").isEmpty();
        assertThat(sent).containsOnlyKeys("a P", "a S");
        sent.forEach((router, times) -> {
            assertThat(times).as(router).hasSizeGreaterThanOrEqualTo(SECONDS * 10 - 2);
            for (int i = 1; i < times.size(); i++) {
                long late = times.get(i) - times.get(i - 1) - INTERVAL;
                assertThat(late).as("nanoseconds late, " + router + " " + i).isLessThanOrEqualTo(LATEST);
            }
        });
        for (VrrpService each : List.of(active, backup)) {
            Map<RejectReason, Long> rejects = rejects(each);
            for (RejectReason reason : List.of(
                    RejectReason.BAD_TTL,
                    RejectReason.BAD_CHECKSUM,
                    RejectReason.BAD_VERSION,
                    RejectReason.BAD_TYPE,
                    RejectReason.COUNT_ZERO,
                    RejectReason.LENGTH_MISMATCH,
                    RejectReason.INTERVAL_ZERO,
                    RejectReason.WRONG_HMAC)) {
                assertThat(rejects.getOrDefault(reason, 0L)).as(reason.name()).isGreaterThanOrEqualTo(rounds);
            }
        }
        // The sender's own old packets come back to it as martians; the backup hears them.
        assertThat(rejects(backup).getOrDefault(RejectReason.HMAC_REPLAY, 0L)).isGreaterThanOrEqualTo(rounds);
    }

    private VrrpService start(LabNamespace host, int priority) {
        String name = host.toString().startsWith("b") ? "b" : "a";
        return VrrpService.start(
                task -> host.network().newThread("vrrp " + name, () -> {
                    // As the loops of a node have it: it is not the machine's other work that is tested.
                    Scheduling.setPolicy(0, Scheduling.Policy.RR, REAL_TIME_PRIORITY);
                    task.run();
                }),
                List.of(
                        SyncGroupConfig.of(router("P", PLAIN, priority).build()),
                        SyncGroupConfig.of(router("S", SIGNED, priority)
                                .hmac(HmacAuthentication.of(HmacKey.parse(1, "hex:" + "a7".repeat(32))))
                                .build())),
                effect -> onEffect(name, effect));
    }

    private static VirtualRouterConfigBuilder router(String name, int virtualRouterId, int priority) {
        return VirtualRouterConfig.builder(name, "eth0")
                .version(Version.V3)
                .virtualRouterId(virtualRouterId)
                .priority(priority)
                .interval(Duration.ofMillis(100))
                .address("10.9.0." + virtualRouterId + "/24");
    }

    private void onEffect(String host, Effect effect) {
        if (effect instanceof Effect.SendAdvertisement send) {
            sent.computeIfAbsent(host + " " + send.router().name(), each -> new CopyOnWriteArrayList<>())
                    .add(System.nanoTime());
        } else if (effect instanceof Effect.StateChanged change && change.to() != State.INITIALIZE) {
            changes.add(host + " " + change.router().name() + " " + change.to());
        }
    }

    /** Answers how many packets of each kind were sent. */
    private static int attack(LabNamespace attacker, Ear ear) {
        PacketSocket voice = attacker.get(PacketSocket::openSender);
        int index = attacker.index("eth0");
        int rounds = SECONDS * PER_SECOND;
        long begin = System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            byte[] signed = ear.recorded();
            List<ByteBuf> frames = bad(round % 2 == 0 ? 255 : 0);
            frames.add(fromNobody(changed(signed, signed.length - 1)));
            frames.add(Unpooled.directBuffer().writeBytes(signed));
            attacker.get(() -> {
                frames.forEach(frame -> voice.send(frame, index));
                return null;
            });
            frames.forEach(ByteBuf::release);
            long next = begin + (round + 1) * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
            LockSupport.parkNanos(next - System.nanoTime());
        }
        attacker.network().run(voice::close);
        return rounds;
    }

    /** One of each kind; but for its fault each would take the role, or give it away. */
    private static List<ByteBuf> bad(int priority) {
        List<ByteBuf> frames = new ArrayList<>();
        for (int fault = 0; fault < 7; fault++) {
            ByteBuf frame = advert(priority);
            switch (fault) {
                case 0 -> frame.setByte(IP + 8, 254);
                case 1 -> frame.setByte(MESSAGE, 0x51);
                case 2 -> frame.setByte(MESSAGE, 0x32);
                case 3 -> frame.setByte(MESSAGE + 3, 0);
                case 4 -> frame.setByte(MESSAGE + 3, 7);
                case 5 -> frame.setShort(MESSAGE + 4, 0);
                default -> {}
            }
            checksum(frame, MESSAGE, MESSAGE_OCTETS, MESSAGE + 6);
            if (fault == 6) {
                frame.setByte(MESSAGE + 6, frame.getByte(MESSAGE + 6) ^ 1);
            }
            checksum(frame, IP, 20, IP + 10);
            frames.add(frame);
        }
        return frames;
    }

    private static ByteBuf advert(int priority) {
        ByteBuf out = Unpooled.directBuffer();
        out.writeShort(0x0100)
                .writeInt(0x5e000012)
                .writeShort(0x0200)
                .writeInt(9)
                .writeShort(0x0800);
        out.writeInt(0x45c00000 | 20 + MESSAGE_OCTETS)
                .writeInt(0)
                .writeByte(255)
                .writeByte(112)
                .writeShort(0);
        out.writeInt(0x0a090009).writeInt(0xe0000012);
        out.writeByte(0x31)
                .writeByte(PLAIN)
                .writeByte(priority)
                .writeByte(1)
                .writeShort(10)
                .writeShort(0);
        return out.writeInt(0x0a090000 | PLAIN);
    }

    private static byte[] changed(byte[] frame, int at) {
        byte[] copy = frame.clone();
        copy[at] ^= 1;
        return copy;
    }

    private static ByteBuf fromNobody(byte[] octets) {
        ByteBuf frame = Unpooled.directBuffer().writeBytes(octets);
        frame.setInt(IP + 12, 0x0a090009);
        checksum(frame, IP, 20, IP + 10);
        return frame;
    }

    /** RFC 1071. */
    private static void checksum(ByteBuf frame, int from, int octets, int at) {
        frame.setShort(at, 0);
        int sum = 0;
        for (int i = from; i < from + octets; i += 2) {
            sum += frame.getUnsignedShort(i);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        frame.setShort(at, ~sum);
    }

    private static Map<RejectReason, Long> rejects(VrrpService service) throws Exception {
        return service.<Map<RejectReason, Long>>ask((running, now) -> {
                    Map<RejectReason, Long> all = new HashMap<>();
                    for (AdvertisementSocket socket : running.sockets()) {
                        for (String name : List.of("P", "S")) {
                            socket.rejects(running.router(name))
                                    .snapshot()
                                    .forEach((reason, count) -> all.merge(reason, count, Long::sum));
                        }
                    }
                    return all;
                })
                .get(5, TimeUnit.SECONDS);
    }

    /** Keeps the last signed advertisement but one. */
    private static final class Ear implements AutoCloseable {
        private final Wire wire;

        Ear(LabNamespace namespace) {
            wire = new Wire(namespace, "eth0");
        }

        byte[] recorded() {
            List<Wire.Frame> heard = wire.packets(112).stream()
                    .filter(frame -> (frame.octets()[MESSAGE + 1] & 0xff) == SIGNED)
                    .toList();
            return heard.size() < 2 ? null : heard.get(heard.size() - 2).octets();
        }

        @Override
        public void close() {
            wire.close();
        }
    }
}
