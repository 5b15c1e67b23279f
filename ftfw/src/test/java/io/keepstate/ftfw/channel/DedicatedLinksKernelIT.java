// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.ftfw.link.LinkDecision;
import io.keepstate.ftfw.link.LinkDecision.Reason;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.socket.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two cables between two nodes, of which the one in use is cut under load. */
@ExtendWith(LabExtension.class)
class DedicatedLinksKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int FLOWS = LONG ? 100_000 : 20_000;

    private LabNamespace a;
    private LabNamespace b;

    @BeforeEach
    void cables(Lab lab) {
        a = lab.namespace("a");
        b = lab.namespace("b");
        for (int i = 0; i < 2; i++) {
            lab.veth(a, "sync" + i, b, "sync" + i);
            a.address("sync" + i, "10.0." + i + ".1/24");
            b.address("sync" + i, "10.0." + i + ".2/24");
        }
    }

    private static ChannelConfig config(String transport, int link, int own) {
        Endpoint local = Endpoint.of("10.0." + link + "." + own, 3780);
        Endpoint peer = Endpoint.of("10.0." + link + "." + (3 - own), 3780);
        Optional<String> device = Optional.of("sync" + link);
        return switch (transport) {
            case "UDP" -> new UdpChannelConfig(local, peer, device, 0, 1 << 20, true, false);
            case "TCP" -> new TcpChannelConfig(local, peer, device, 0, 0, 128);
            default ->
                new MulticastChannelConfig(
                        Endpoint.of("225.0.0." + (50 + link), 3780), Optional.of(local), device, 0, 1 << 20, true);
        };
    }

    private static void turnUntil(BooleanSupplier condition, String what, LinkedNode... nodes) {
        Lab.eventually(
                PATIENCE,
                () -> {
                    for (int i = 0; i < 5 && !condition.getAsBoolean(); i++) {
                        for (LinkedNode node : nodes) {
                            node.turn();
                        }
                    }
                    return condition.getAsBoolean();
                },
                what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "multicast", "TCP"})
    void aCutUnderLoadLosesNothingAndTheDefaultLinkIsUsedAgain(String transport, Lab lab) {
        LinkedNode left = lab.closing(new LinkedNode(a, config(transport, 0, 1), config(transport, 1, 1)));
        LinkedNode right = lab.closing(new LinkedNode(b, config(transport, 0, 2), config(transport, 1, 2)));
        left.offer(0, FLOWS / 2);
        turnUntil(() -> right.known.size() > FLOWS / 4, "the load runs", left, right);

        b.down("sync0");
        left.offer(FLOWS / 2, FLOWS);
        right.offer(FLOWS, FLOWS + 1_000);
        turnUntil(() -> right.known.size() == FLOWS && left.known.size() == 1_000, "nothing is missing", left, right);
        assertThat(left.links.current()).isEqualTo(1);
        assertThat(right.links.current()).isEqualTo(1);
        // Whichever saw it first; the other has seen it too, or has followed.
        assertThat(left.decisions.get(0).link()).isEqualTo(1);
        assertThat(right.decisions.get(0).link()).isEqualTo(1);
        assertThat(List.of(left.decisions.get(0), right.decisions.get(0)))
                .contains(new LinkDecision(Reason.LINK_FAILED, 0, 1));

        b.up("sync0");
        if (LONG) {
            goBack(left, right); // after five seconds; in the short form seen with conntrackd as the peer
        }
        noLink(left, right);
        assertThat(left.failures() + right.failures()).isZero();
    }

    private static void goBack(LinkedNode left, LinkedNode right) {
        turnUntil(() -> left.links.current() == 0 && right.links.current() == 0, "both went back", left, right);
        left.offer(0, 100);
        long sent = left.stats(0).packetsSent();
        turnUntil(() -> left.stats(0).packetsSent() > sent, "it is used", left, right);
        assertThat(left.links.switches()).isEqualTo(2);
        assertThat(right.links.switches()).isEqualTo(2);
    }

    private void noLink(LinkedNode left, LinkedNode right) {
        a.down("sync0");
        a.down("sync1");
        turnUntil(() -> left.links.timesNoneAvailable() == 1, "no link works", left, right);
        long told = left.decisions.stream()
                .filter(decision -> decision.reason() == Reason.NONE_AVAILABLE)
                .count();
        assertThat(told).isEqualTo(1);
        left.offer(0, 10);
        a.up("sync1");
        right.known.clear();
        left.offer(5, 15);
        turnUntil(() -> right.known.size() >= 15, "the second link carries it", left, right);
    }
}
