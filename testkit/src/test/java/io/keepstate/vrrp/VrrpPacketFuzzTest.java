// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.HmacKey;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Packets grown from valid ones by mutation, of every kind of virtual router there is, through all checks and into
 * running groups. Nothing throws, no timer is touched by what is rejected, states and deadlines stay what they may be.
 */
class VrrpPacketFuzzTest {

    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int PACKETS = LONG ? 10_000_000 : 100_000;
    private static final long SEED = Long.getLong("keepstate.seed", 20_261_123L);
    /** So many must pass all checks, or it is the first of them that is tested and nothing else. */
    private static final double LEAST_HEARD = 0.3;

    private static final Path RESULT = Path.of("target/proof/vrrp-fuzz.md");
    private static final HmacAuthentication HMAC = HmacAuthentication.of(HmacKey.parse(7, "k".repeat(32)));

    private static VirtualRouterConfigBuilder builder(Version version, String address) {
        return VirtualRouterConfig.builder("E1", "eth0")
                .version(version)
                .virtualRouterId(51)
                .address(address);
    }

    private static List<VirtualRouterConfig> kinds() {
        String four = "192.0.2.100/24";
        String six = "fe80::100/64";
        List<VirtualRouterConfig> kinds = new ArrayList<>();
        for (String address : List.of(four, six)) {
            kinds.add(builder(Version.V2, address).build());
            kinds.add(builder(Version.V3, address).build());
            kinds.add(builder(Version.V2, address).hmac(HMAC).build());
            kinds.add(builder(Version.V3, address).hmac(HMAC).build());
            kinds.add(builder(Version.V3, address)
                    .hmac(HMAC.withMode(HmacAuthentication.Mode.PERMISSIVE))
                    .build());
            kinds.add(builder(Version.V3, address).priority(255).build());
            kinds.add(builder(Version.V3, address)
                    .interval(Duration.ofMillis(100))
                    .preempt(false)
                    .build());
        }
        kinds.add(builder(Version.V2, four)
                .authentication(Authentication.password("zzzz"))
                .build());
        kinds.add(builder(Version.V2, four)
                .authentication(Authentication.header("zzzz"))
                .build());
        kinds.add(builder(Version.V3, four).dualVersion(true).build());
        kinds.add(builder(Version.V3, four)
                .checksumMode(ChecksumMode.RFC9568)
                .hmac(HMAC.withMode(HmacAuthentication.Mode.RECEIVE_ONLY))
                .build());
        Transport.Unicast unicast = new Transport.Unicast(
                List.of(
                        new UnicastPeer(IpAddress.parse("192.0.2.2"), OptionalInt.of(250), OptionalInt.empty()),
                        UnicastPeer.of(IpAddress.parse("192.0.2.9"))),
                OptionalInt.empty(),
                true);
        kinds.add(builder(Version.V3, four).transport(unicast).build());
        kinds.add(builder(Version.V3, four).transport(unicast).hmac(HMAC).build());
        kinds.add(builder(Version.V3, four).onLinkSource(true).build());
        return kinds;
    }

    @Test
    void nothingThatArrivesBreaksAnything() throws IOException {
        System.out.println("VRRP packet fuzz: seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        List<FuzzedGroup> groups = new ArrayList<>();
        for (VirtualRouterConfig kind : kinds()) {
            groups.add(new FuzzedGroup(kind, random.split()));
        }
        Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
        long heard = 0;
        long began = System.nanoTime();
        for (int i = 0; i < PACKETS; i++) {
            RejectReason reason = groups.get(i % groups.size()).step();
            if (reason == null) {
                heard++;
            } else {
                rejected.merge(reason, 1L, Long::sum);
            }
        }
        report(heard, rejected, (System.nanoTime() - began) / 1_000_000_000);
        assertThat((double) heard / PACKETS).isGreaterThanOrEqualTo(LEAST_HEARD);
        EnumSet<RejectReason> never = EnumSet.allOf(RejectReason.class);
        never.removeAll(rejected.keySet());
        assertThat(never).as("reasons never met").isEmpty();
    }

    private static void report(long heard, Map<RejectReason, Long> rejected, long seconds) throws IOException {
        StringBuilder text = new StringBuilder(2000)
                .append("| outcome | packets | share |\n|---|---|---|\n")
                .append(row("HEARD", heard));
        rejected.entrySet().stream()
                .sorted(Map.Entry.<RejectReason, Long>comparingByValue().reversed())
                .forEach(entry -> text.append(row(entry.getKey().name(), entry.getValue())));
        System.out.print(text);
        if (LONG) {
            Files.createDirectories(RESULT.getParent());
            Files.writeString(RESULT, PACKETS + " packets, seed " + SEED + ", " + seconds + " s\n\n" + text);
        }
    }

    private static String row(String outcome, long packets) {
        return String.format("| %s | %d | %.2f %% |%n", outcome, packets, 100.0 * packets / PACKETS);
    }
}
