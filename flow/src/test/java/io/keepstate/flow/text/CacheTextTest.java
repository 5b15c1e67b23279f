// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Counters;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.LinePart;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Every expected text was printed by conntrackd or conntrack 1.4.7. */
class CacheTextTest {
    private static final Tuple TCP = Tuple.ipv4(0x0a000001, 0x0a000102, Protocol.TCP, 1113, 81);
    private static final int ASSURED = Status.SEEN_REPLY | Status.ASSURED | Status.CONFIRMED;

    @Test
    void anEntryOfTheInternalCacheHasItsReplyTuple() {
        Flow flow = established()
                .reply(Tuple.ipv4(0x0a000102, 0x09090909, Protocol.TCP, 81, 5555))
                .build();
        assertThat(CacheLine.format(flow, 2))
                .isEqualTo("tcp      6 ESTABLISHED src=10.0.0.1 dst=10.0.1.2 sport=1113 dport=81"
                        + " src=10.0.1.2 dst=9.9.9.9 sport=81 dport=5555 [ASSURED] mark=0 [active since 2s]");
    }

    @Test
    void anEntryOfTheExternalCacheHasNone() {
        assertThat(CacheLine.format(established().build(), 2))
                .isEqualTo("tcp      6 ESTABLISHED src=10.0.0.1 dst=10.0.1.2 sport=1113 dport=81 [ASSURED] mark=0"
                        + " [active since 2s]");
    }

    @Test
    void anEntryThatIsDroppedUnlessItIsAnnouncedAgainSaysWhen() {
        StringBuilder line = new StringBuilder();
        CacheLine.append(line, established().build(), 9, 2);
        assertThat(line.toString()).endsWith("dport=81 [ASSURED] mark=0 [expires in 9s] [active since 2s]");
    }

    @Test
    void anUnansweredEntryOfTheExternalCacheSaysSo() {
        Flow flow = Flow.builder(Tuple.ipv4(0xcb007106, 0xc0000208, Protocol.TCP, 6001, 8080))
                .status(Status.CONFIRMED)
                .set(Attribute.TCP_STATE, TcpState.SYN_RECV)
                .mark(0)
                .build();
        assertThat(CacheLine.format(flow, 4))
                .isEqualTo("tcp      6 SYN_RECV src=203.0.113.6 dst=192.0.2.8 sport=6001 dport=8080 [UNREPLIED] mark=0"
                        + " [active since 4s]");
    }

    @Test
    void xmlOfTheInternalCache() {
        Flow flow = established()
                .reply(TCP.inverted())
                .set(Attribute.ID, 1774830496)
                .timeoutSeconds(10)
                .helper("ftp")
                .build();
        assertThat(FlowXml.format(flow))
                .isEqualTo("<flow><meta direction=\"original\"><layer3 protonum=\"2\" protoname=\"ipv4\">"
                        + "<src>10.0.0.1</src><dst>10.0.1.2</dst></layer3><layer4 protonum=\"6\" protoname=\"tcp\">"
                        + "<sport>1113</sport><dport>81</dport></layer4></meta><meta direction=\"reply\">"
                        + "<layer3 protonum=\"2\" protoname=\"ipv4\"><src>10.0.1.2</src><dst>10.0.0.1</dst></layer3>"
                        + "<layer4 protonum=\"6\" protoname=\"tcp\"><sport>81</sport><dport>1113</dport></layer4></meta>"
                        + "<meta direction=\"independent\"><state>ESTABLISHED</state><mark>0</mark><id>1774830496</id>"
                        + "<assured/></meta><helper>ftp</helper></flow>");
    }

    @Test
    void xmlOfAKernelTableHasTimeoutUseZonesAndCounters() {
        Tuple tuple = Tuple.ipv4(0x0a000001, 0x0a000002, Protocol.GRE, 0x11, 0x22);
        Flow flow = Flow.builder(tuple)
                .reply(tuple.inverted())
                .status(Status.CONFIRMED)
                .timeoutSeconds(99)
                .mark(0)
                .zone(7)
                .set(Attribute.USE, 1)
                .set(Attribute.ID, 92308806)
                .originalCounters(new Counters(1, 2))
                .replyCounters(new Counters(0, 0))
                .build();
        assertThat(FlowXml.format(flow, EnumSet.allOf(LinePart.class)))
                .isEqualTo("<flow><meta direction=\"original\"><layer3 protonum=\"2\" protoname=\"ipv4\">"
                        + "<src>10.0.0.1</src><dst>10.0.0.2</dst></layer3><layer4 protonum=\"47\" protoname=\"gre\">"
                        + "<srckey>0x11</srckey><dstkey>0x22</dstkey></layer4><counters><packets>1</packets>"
                        + "<bytes>2</bytes></counters></meta><meta direction=\"reply\"><layer3 protonum=\"2\""
                        + " protoname=\"ipv4\"><src>10.0.0.2</src><dst>10.0.0.1</dst></layer3><layer4 protonum=\"47\""
                        + " protoname=\"gre\"><srckey>0x22</srckey><dstkey>0x11</dstkey></layer4><counters>"
                        + "<packets>0</packets><bytes>0</bytes></counters></meta><meta direction=\"independent\">"
                        + "<timeout>99</timeout><mark>0</mark><zone>7</zone><use>1</use><id>92308806</id><unreplied/>"
                        + "</meta></flow>");
    }

    @Test
    void xmlNamesAnSctpStateAfterTheTcpStateOfTheSameNumber() {
        Flow flow = Flow.builder(Tuple.ipv4(1, 2, Protocol.SCTP, 3, 4))
                .status(ASSURED)
                .set(Attribute.SCTP_STATE, 4)
                .build();
        assertThat(FlowXml.format(flow)).contains("<state>FIN_WAIT</state>");
        assertThat(CacheLine.format(flow, 0)).startsWith("sctp     132 ESTABLISHED src=0.0.0.1");
    }

    @Test
    void zonesOfOneDirectionStandInTheirDirection() {
        Flow flow = Flow.builder(TCP)
                .reply(TCP.inverted())
                .set(Attribute.ZONE_ORIGINAL, 3)
                .set(Attribute.ZONE_REPLY, 4)
                .build();
        assertThat(FlowXml.format(flow))
                .contains("</layer4><zone>3</zone></meta><meta direction=\"reply\">")
                .contains("</layer4><zone>4</zone></meta><meta direction=\"independent\">");
    }

    @Test
    void anExpectationAsXmlIsNamedAFlow() {
        Tuple expected = Tuple.ipv4(0x7f000001, 0x7f000001, Protocol.TCP, 0, 10301);
        Tuple mask = Tuple.ipv4(-1, -1, Protocol.TCP, 0, 65535);
        Tuple master = Tuple.ipv4(0x7f000001, 0x7f000001, Protocol.TCP, 3121, 2121);
        Expectation ftp = Expectation.builder(expected, mask, master)
                .helper("ftp")
                .timeoutSeconds(298)
                .set(ExpectationAttribute.CLASS, 0)
                .build();
        String begin = "<layer3 protonum=\"2\" protoname=\"ipv4\"><expected><src>127.0.0.1</src>"
                + "<dst>127.0.0.1</dst></expected><mask><src>255.255.255.255</src><dst>255.255.255.255</dst></mask>"
                + "<master><src>127.0.0.1</src><dst>127.0.0.1</dst></master></layer3><layer4 protonum=\"6\""
                + " protoname=\"tcp\"><expected><sport>0</sport><dport>10301</dport></expected><mask><sport>0</sport>"
                + "<dport>65535</dport></mask><master><sport>3121</sport><dport>2121</dport></master></layer4>"
                + "<meta><helper-name>ftp</helper-name>";
        StringBuilder cached = new StringBuilder();
        ExpectationXml.append(cached, ftp);
        assertThat(cached.toString()).isEqualTo("<flow>" + begin + "<class>0</class></meta></flow>");
        StringBuilder event = new StringBuilder();
        ExpectationXml.append(event, ftp, true, "new", "<when/>");
        assertThat(event.toString())
                .isEqualTo(
                        "<flow type=\"new\">" + begin + "<timeout>298</timeout><class>0</class><when/></meta></flow>");
    }

    private static FlowBuilder established() {
        return Flow.builder(TCP)
                .status(ASSURED)
                .set(Attribute.TCP_STATE, TcpState.ESTABLISHED)
                .mark(0);
    }
}
