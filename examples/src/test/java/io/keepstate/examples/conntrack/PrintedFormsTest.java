// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conntrack.FlowPrinter.Event;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every form of {@code -o}, as conntrack 1.4.7 printed it. */
class PrintedFormsTest {
    private static final Flow DNS = Flow.builder(Tuple.ipv4(0x01010101, 0x02020202, Protocol.UDP, 1, 2))
            .reply(Tuple.ipv4(0x02020202, 0x01010101, Protocol.UDP, 2, 1))
            .status(Status.CONFIRMED)
            .timeoutSeconds(99)
            .mark(5)
            .set(Attribute.USE, 1)
            .set(Attribute.ID, 77)
            .build();
    private static final Expectation FTP = Expectation.builder(
                    Tuple.ipv4(0x7f000001, 0x7f000001, Protocol.TCP, 0, 10301),
                    Tuple.ipv4(-1, -1, Protocol.TCP, 0, 65535),
                    Tuple.ipv4(0x7f000001, 0x7f000001, Protocol.TCP, 3121, 2121))
            .helper("ftp")
            .timeoutSeconds(298)
            .set(ExpectationAttribute.CLASS, 0)
            .build();
    private static final String FTP_LINE =
            "298 proto=6 src=127.0.0.1 dst=127.0.0.1 sport=0 dport=10301 mask-src=255.255.255.255"
                    + " mask-dst=255.255.255.255 sport=0 dport=65535 master-src=127.0.0.1 master-dst=127.0.0.1"
                    + " sport=3121 dport=2121 class=0 helper=ftp";
    private static final String STAMP = "\\[\\d+\\.\\d+ *]\\t";

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(octets, false, StandardCharsets.UTF_8);

    private static Arguments read(String line) {
        return ArgumentParser.parse(List.of(line.split(" ")), System.err);
    }

    private String flow(String line, Event event) {
        FlowPrinter printer = new FlowPrinter(read(line), out);
        printer.print(DNS, event);
        printer.end();
        return octets.toString(StandardCharsets.UTF_8);
    }

    private String expectation(String line, Event event) {
        ExpectationPrinter printer = new ExpectationPrinter(read(line).output, out);
        printer.print(FTP, event);
        printer.end();
        return octets.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-L             | udp      17 99 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 [UNREPLIED] src=2.2.2.2"
                        + " dst=1.1.1.1 sport=2 dport=1 mark=5 use=1",
                "-L -o extended | ipv4     2 udp      17 99 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 [UNREPLIED]"
                        + " src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 mark=5 use=1",
                "-L -o id       | udp      17 99 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 [UNREPLIED] src=2.2.2.2"
                        + " dst=1.1.1.1 sport=2 dport=1 mark=5 use=1 id=77",
                "-L -o save     | -A -t 99 -u UNSET -m 5 -s 1.1.1.1 -d 2.2.2.2 -r 2.2.2.2 -q 1.1.1.1 -p udp --sport 1"
                        + " --dport 2 --reply-port-src 2 --reply-port-dst 1",
                "-L -o timestamp | udp      17 99 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 [UNREPLIED] src=2.2.2.2"
                        + " dst=1.1.1.1 sport=2 dport=1 mark=5 use=1"
            })
    void aListing(String line, String printed) {
        assertThat(flow(line, Event.NONE)).isEqualTo(printed + "\n");
    }

    @Test
    void events() {
        assertThat(flow("-E", Event.NEW)).startsWith("    [NEW] udp      17 99 src=");
        octets.reset();
        assertThat(flow("-E -o timestamp", Event.UPDATE)).matches(STAMP + " \\[UPDATE] udp .*\\n");
        octets.reset();
        assertThat(flow("-E -o save", Event.DESTROY)).startsWith("-D -t 99 ");
        octets.reset();
        assertThat(flow("-E -o json", Event.DESTROY)).startsWith("{\"event\":\"destroy\",");
    }

    @Test
    void aListingAsXmlIsADocumentAndWhatIsShownOfAnOrderIsNot() {
        assertThat(flow("-L -o xml", Event.NONE))
                .startsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<conntrack>\n<flow><meta ")
                .endsWith("</flow>\n</conntrack>\n");
        octets.reset();
        assertThat(flow("-D -o xml", Event.NONE)).startsWith("<flow><meta ").endsWith("</flow>\n");
        octets.reset();
        assertThat(flow("-U -p udp -o xml", Event.NONE)).startsWith("<flow><meta ");
        octets.reset();
        assertThat(flow("-E -o xml,timestamp", Event.NEW))
                .contains("<flow type=\"new\">")
                .containsPattern("</meta><when><hour>\\d+</hour><min>\\d\\d</min><sec>\\d\\d</sec>.*</when></flow>");
    }

    @Test
    void expectations() {
        assertThat(expectation("-L expect -o extended,id", Event.NONE)).isEqualTo(FTP_LINE + "\n");
        octets.reset();
        assertThat(expectation("-E expect", Event.DESTROY)).isEqualTo("[DESTROY] " + FTP_LINE + "\n");
        octets.reset();
        assertThat(expectation("-L expect -o timestamp", Event.NONE)).matches(STAMP + "298 proto=6 .*\\n");
        octets.reset();
        assertThat(expectation("-E expect -o xml", Event.NEW))
                .startsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<expect>\n<flow type=\"new\"><layer3 ")
                .endsWith("<timeout>298</timeout><class>0</class></meta></flow>\n</expect>\n");
        octets.reset();
        assertThat(expectation("-L expect -o xml,timestamp", Event.NONE)).containsPattern("<when>.*</when></meta>");
    }

    @Test
    void nothingAtAllIsNoDocumentEither() {
        new FlowPrinter(read("-L -o xml"), out).end();
        new ExpectationPrinter(read("-L expect -o xml").output, out).end();
        assertThat(octets.size()).isZero();
    }
}
