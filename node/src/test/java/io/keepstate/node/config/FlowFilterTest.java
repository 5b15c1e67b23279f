// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlowFilterTest {
    private static final int CLIENT = 0xac10000a; // 172.16.0.10
    private static final int FIREWALL = 0x0a0f0765; // 10.15.7.101
    private static final int SERVER = 0x0a0f0701; // 10.15.7.1

    @Test
    void withoutTestsEverythingPasses() {
        assertThat(FlowFilter.ALL.matcher().accepts(flow(CLIENT, SERVER, Protocol.GRE)))
                .isTrue();
    }

    @Test
    void onlyAcceptedProtocolsPass() {
        FlowFilter.Matcher filter =
                FlowFilter.ALL.acceptProtocols(Set.of(Protocol.TCP)).matcher();
        assertThat(filter.accepts(flow(CLIENT, SERVER, Protocol.TCP))).isTrue();
        assertThat(filter.accepts(flow(CLIENT, SERVER, Protocol.UDP))).isFalse();
    }

    @Test
    void anIgnoredAddressIsMatchedAgainstTheOriginalSourceAndTheReplySource() {
        FlowFilter.Matcher filter = FlowFilter.ALL
                .ignoreAddresses(List.of(AddressPrefix.parse("10.15.7.101")))
                .matcher();
        assertThat(filter.accepts(flow(FIREWALL, SERVER, Protocol.TCP))).isFalse();
        // To the firewall itself: it is the source of the replies.
        assertThat(filter.accepts(flow(CLIENT, FIREWALL, Protocol.TCP))).isFalse();
        assertThat(filter.accepts(flow(CLIENT, SERVER, Protocol.TCP))).isTrue();
    }

    @Test
    void behindADestinationNatTheRealServerCounts() {
        Tuple original = Tuple.ipv4(CLIENT, FIREWALL, Protocol.TCP, 1, 2);
        Flow translated = Flow.builder(original)
                .reply(Tuple.ipv4(SERVER, CLIENT, Protocol.TCP, 2, 1))
                .build();
        assertThat(FlowFilter.ALL
                        .ignoreAddresses(List.of(AddressPrefix.parse("10.15.7.101")))
                        .matcher()
                        .accepts(translated))
                .isTrue();
        assertThat(FlowFilter.ALL
                        .ignoreAddresses(List.of(AddressPrefix.parse("10.15.7.1")))
                        .matcher()
                        .accepts(translated))
                .isFalse();
    }

    @Test
    void acceptedNetworksLetOnlyTheirOwnPass() {
        FlowFilter.Matcher filter = new FlowFilter(
                        Optional.empty(),
                        Optional.of(FlowFilter.Rule.accept(List.of(AddressPrefix.parse("172.16.0.0/24")))),
                        Optional.empty())
                .matcher();
        assertThat(filter.accepts(flow(CLIENT, SERVER, Protocol.UDP))).isTrue();
        assertThat(filter.accepts(flow(0x0a000001, SERVER, Protocol.UDP))).isFalse();
    }

    @Test
    void tcpStatesConcernOnlyFlowsThatHaveOne() {
        FlowFilter.Matcher filter = new FlowFilter(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(FlowFilter.Rule.accept(List.of(TcpState.ESTABLISHED))))
                .matcher();
        Flow tcp = flow(CLIENT, SERVER, Protocol.TCP);
        assertThat(filter.accepts(tcp)).isTrue();
        assertThat(filter.accepts(tcp.toBuilder().tcpState(TcpState.ESTABLISHED).build()))
                .isTrue();
        assertThat(filter.accepts(tcp.toBuilder().tcpState(TcpState.SYN_SENT).build()))
                .isFalse();
        assertThat(filter.accepts(flow(CLIENT, SERVER, Protocol.UDP))).isTrue();
    }

    @Test
    void prefixesOfEveryLengthMatchInBothFamilies() {
        AddressPrefix half = AddressPrefix.parse("2001:db8:16:10::/64");
        IpAddress inside = IpAddress.parse("2001:db8:16:10::99");
        IpAddress outside = IpAddress.parse("2001:db8:16:11::99");
        assertThat(half.contains(inside.family(), inside.high(), inside.low())).isTrue();
        assertThat(half.contains(outside.family(), outside.high(), outside.low()))
                .isFalse();
        AddressPrefix all = AddressPrefix.parse("::/0");
        assertThat(all.contains(outside.family(), outside.high(), outside.low()))
                .isTrue();
        AddressPrefix one = AddressPrefix.parse("2001:db8::1");
        assertThat(one.contains(inside.family(), inside.high(), inside.low())).isFalse();
        AddressPrefix four = AddressPrefix.parse("10.0.0.0/8");
        IpAddress ten = IpAddress.parse("10.255.0.1");
        assertThat(four.contains(ten.family(), ten.high(), ten.low())).isTrue();
        assertThat(four.contains(inside.family(), inside.high(), inside.low())).isFalse();
    }

    private static Flow flow(int source, int destination, int protocol) {
        Tuple original = Tuple.ipv4(source, destination, protocol, 0, 0);
        return Flow.builder(original).reply(original.inverted()).build();
    }
}
