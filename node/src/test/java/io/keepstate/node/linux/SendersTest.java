// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.PeerLinks;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SendersTest {
    private static long number(Senders senders, int link, String address) {
        IpAddress from = IpAddress.parse(address);
        return senders.number(link, from.high(), from.low());
    }

    @Test
    void thePeerIsOneSenderOnEveryLinkAndAStrangerIsAnother() {
        Senders senders = new Senders(new PeerLinks(
                List.of(PeerLink.between("10.0.0.1", "10.0.0.2"), PeerLink.between("10.0.1.1", "10.0.1.2")), 0));
        assertThat(number(senders, 0, "10.0.0.2")).isEqualTo(number(senders, 1, "10.0.1.2"));
        assertThat(number(senders, 0, "10.0.0.3")).isNotEqualTo(number(senders, 0, "10.0.0.2"));
    }

    @Test
    void membersOfAGroupAreKnownByTheirAddresses() {
        Senders senders = new Senders(PeerLinks.of(new PeerLink.Multicast(
                IpAddress.parse("225.0.0.50"), Optional.empty(), 3780, Optional.of("eth2"), 0, 0, true)));
        assertThat(number(senders, 0, "10.0.0.2")).isEqualTo(number(senders, 0, "10.0.0.2"));
        assertThat(List.of(
                        number(senders, 0, "10.0.0.2"), number(senders, 0, "10.0.0.3"), number(senders, 0, "10.0.0.4")))
                .doesNotHaveDuplicates()
                .doesNotContain(0L);
    }

    @Test
    void anotherPortOnTheSameLinkIsAnotherLifeOfTheSender() {
        Senders senders = new Senders(new PeerLinks(
                List.of(PeerLink.between("10.0.0.1", "10.0.0.2"), PeerLink.between("10.0.1.1", "10.0.1.2")), 0));
        assertThat(senders.isAnotherProcess(0, 1, 40_000)).as("the first").isFalse();
        assertThat(senders.isAnotherProcess(0, 1, 40_000)).isFalse();
        assertThat(senders.isAnotherProcess(1, 1, 50_000))
                .as("it has a socket for each link")
                .isFalse();
        assertThat(senders.isAnotherProcess(0, -7, 41_000)).as("somebody else").isFalse();
        assertThat(senders.isAnotherProcess(0, 1, 40_000)).isFalse();
        assertThat(senders.isAnotherProcess(0, 1, 42_000)).isTrue();
        assertThat(senders.isAnotherProcess(0, 1, 42_000)).isFalse();
        assertThat(senders.isAnotherProcess(0, -7, 41_000)).isFalse();
    }
}
