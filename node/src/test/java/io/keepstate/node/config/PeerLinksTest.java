// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.flow.IpAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerLinksTest {
    private static final PeerLink UDP = PeerLink.between("10.0.0.1", "10.0.0.2");

    private static PeerLink.Multicast multicast(String group, Optional<String> own, Optional<String> interfaceName) {
        return new PeerLink.Multicast(
                IpAddress.parse(group), own.map(IpAddress::parse), 3780, interfaceName, 0, 0, true);
    }

    private static PeerLink.Tcp tcp(String local, String peer, int errorQueueLength) {
        return new PeerLink.Tcp(
                IpAddress.parse(local), IpAddress.parse(peer), 3780, Optional.empty(), 0, 0, errorQueueLength);
    }

    @Test
    void oneToFourLinksOfOneTransportAreTaken() {
        PeerLinks two = new PeerLinks(List.of(UDP, PeerLink.between("10.0.1.1", "10.0.1.2")), 1);
        assertThat(two.preferred().toString()).isEqualTo("UDP link 10.0.1.1 to 10.0.1.2 port 3780");
        assertThat(two.transport()).isEqualTo(PeerLink.Transport.UDP);
        assertThatThrownBy(() -> new PeerLinks(List.of(), 0)).hasMessageContaining("configure 1 to 4");
        assertThatThrownBy(() -> new PeerLinks(Collections.nCopies(5, UDP), 0))
                .hasMessageContaining("5 links to the peer: configure 1 to 4");
        assertThatThrownBy(() -> new PeerLinks(List.of(UDP), 1)).hasMessageContaining("default link");
        assertThatThrownBy(() -> new PeerLinks(List.of(UDP, UDP), 0)).hasMessageContaining("two links are the same");
        assertThatThrownBy(() -> new PeerLinks(List.of(UDP, tcp("10.0.1.1", "10.0.1.2", 128)), 0))
                .hasMessageContaining("different transports (UDP, TCP)");
    }

    @Test
    void aGroupIsAMulticastAddressWithAnInterfaceToBeJoinedOn() {
        assertThat(multicast("225.0.0.50", Optional.of("10.0.0.1"), Optional.empty())
                        .transport())
                .hasToString("multicast");
        assertThat(multicast("ff02::50", Optional.empty(), Optional.of("eth2")).interfaceName())
                .contains("eth2");
        assertThatThrownBy(() -> multicast("10.0.0.2", Optional.of("10.0.0.1"), Optional.empty()))
                .hasMessageContaining("10.0.0.2 is no multicast address: use one of 224.0.0.0/4");
        assertThatThrownBy(() -> multicast("ff02::50", Optional.empty(), Optional.empty()))
                .hasMessageContaining("no interface to be joined on");
        assertThatThrownBy(() -> multicast("ff02::50", Optional.of("10.0.0.1"), Optional.of("eth2")))
                .hasMessageContaining("different families");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 2001:db8::1, different families",
        "10.0.0.1, 10.0.0.1, are both 10.0.0.1",
        "10.0.0.1, 225.0.0.50, use a Multicast block",
        "fe80::1, fe80::2, name the interface",
    })
    void endsThatCannotBeALinkAreRefused(String local, String peer, String why) {
        assertThatThrownBy(() -> PeerLink.between(local, peer)).hasMessageContaining(why);
        assertThatThrownBy(() -> tcp(local, peer, 128)).hasMessageContaining(why);
    }

    @Test
    void numbersAreWithinTheirRanges() {
        assertThatThrownBy(() -> tcp("10.0.0.1", "10.0.0.2", 0)).hasMessageContaining("error queue length 0");
        IpAddress local = IpAddress.parse("10.0.0.1");
        IpAddress peer = IpAddress.parse("10.0.0.2");
        assertThatThrownBy(() -> new PeerLink.Udp(local, peer, 0, Optional.empty(), 0, 0, true))
                .hasMessageContaining("port 0");
        assertThatThrownBy(() -> new PeerLink.Udp(local, peer, 3780, Optional.empty(), -1, 0, true))
                .hasMessageContaining("buffer");
    }
}
