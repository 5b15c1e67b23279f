// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which flows a command line means, and what an update makes of them: as conntrack 1.4.7 decides it. */
class FlowMatchTest {
    /** 10.0.0.1:1113 to 10.0.1.2:81, its source translated to 9.9.9.9:5555. */
    private static final Flow WEB = Flow.builder(Tuple.ipv4(0x0a000001, 0x0a000102, Protocol.TCP, 1113, 81))
            .reply(Tuple.ipv4(0x0a000102, 0x09090909, Protocol.TCP, 81, 5555))
            .status(Status.SEEN_REPLY | Status.ASSURED | Status.CONFIRMED | Status.SRC_NAT | Status.SRC_NAT_DONE)
            .tcpState(TcpState.ESTABLISHED)
            .timeoutSeconds(299)
            .mark(0x15)
            .zone(7)
            .set(Attribute.ID, 55)
            .labels(new int[] {5, 0})
            .build();

    private static Arguments read(String line) {
        return ArgumentParser.parse(List.of(line.split(" ")), System.err);
    }

    @ParameterizedTest
    @CsvSource({
        "-L, true",
        "-L -f ipv4, true",
        "-L -f ipv6, false",
        "-L -p tcp, true",
        "-L -p udp, false",
        "-L -s 10.0.0.1, true",
        "-L -s 10.0.0.2, false",
        "-L -s 10.0.0.0/24, true",
        "-L -s 10.0.0.9/24, true",
        "-L -s 0.0.0.0/0, true",
        "-L -s 10.0.0.9 --mask-src 255.255.255.0, true",
        "-L -s ::/0, false",
        "-L -d 10.0.1.2, true",
        "-L -d 10.1.0.0/16, false",
        "-L -r 10.0.1.2 -q 9.9.9.9, true",
        "-L -q 10.0.0.1, false",
        "-L -p tcp --sport 1113 --dport 81, true",
        "-L -p tcp --orig-port-src 1114, false",
        "-L -p tcp --reply-port-src 81 --reply-port-dst 5555, true",
        "-L -p tcp --reply-port-dst 1113, false",
        "-L -p tcp --state ESTABLISHED, true",
        "-L -p tcp --state CLOSE, false",
        "-L -u ASSURED, true",
        "-L -u ASSURED -u SEEN_REPLY, true",
        "-L -u FIXED_TIMEOUT, false",
        "-L -m 0x15, true",
        "-L -m 5, false",
        "-L -m 5/0xf, true",
        "-L -m 0x15/0xf, false",
        "-L -w 7, true",
        "-L -w 0, false",
        "-L --orig-zone 7, false",
        "-L -n, true",
        "-L -n 9.9.9.9, true",
        "-L -n 9.9.9.9:5555, true",
        "-L -n 9.9.9.9:5556, false",
        "-L -n 10.0.0.1, false",
        "-L -g, false",
        "-L -j, true",
        "-L -j 9.9.9.9, true",
        "-D -i 55, true",
        "-D -i 56, false",
        "-D -t 5, true",
        "-D -t 5 -n, true",
        "-D -t 5 -p tcp, false",
        "-D -t 299 -p tcp, true",
    })
    void aFlowIsMeantOrNot(String line, boolean meant) {
        assertThat(FlowMatch.of(read(line)).test(WEB)).as(line).isEqualTo(meant);
    }

    @Test
    void aFlowOfNoTranslationIsNeverOneThatIsTranslatedToItself() {
        Flow plain = WEB.toBuilder().reply(WEB.original().inverted()).build();
        assertThat(FlowMatch.of(read("-L -n")).test(plain)).isFalse();
        assertThat(FlowMatch.of(read("-L -j")).test(plain)).isFalse();
    }

    @Test
    void everyLabelThatIsNamedMustBeThere() {
        LabelMap map = LabelMap.parse(List.of("0 web", "1 mail", "2 vpn", "# 3 none", "x y", "0x6 hex"));
        Arguments wanted = read("-L");
        for (String name : List.of("web", "vpn")) {
            wanted.labels = wanted.labels == null ? LabelMap.empty() : wanted.labels;
            wanted.labels = LabelMap.with(wanted.labels, map.bit(name));
            assertThat(FlowMatch.of(wanted).test(WEB)).as(name).isTrue();
        }
        wanted.labels = LabelMap.with(wanted.labels, map.bit("mail"));
        assertThat(FlowMatch.of(wanted).test(WEB)).isFalse();
        assertThat(map.of(WEB)).containsExactly("web", "vpn");
        assertThat(map.bit("hex")).isEqualTo(6);
        assertThat(map.bit("none")).isNegative();
    }

    private static @Nullable Flow updated(String line) {
        Arguments read = read(line);
        assertThat(FlowMatch.ofUpdate(read).test(WEB)).as(line).isTrue();
        return FlowTemplate.updated(read, WEB);
    }

    @Test
    void anUpdateSendsOnlyWhatChanges() {
        assertThat(updated("-U -s 10.0.0.1")).isNull();
        assertThat(updated("-U -s 10.0.0.1 -m 0x15")).isNull();
        assertThat(updated("-U -s 10.0.0.1 -t 299")).isNull();
        assertThat(updated("-U -s 10.0.0.1 -u ASSURED")).isNull();
        Flow change = updated("-U -s 10.0.0.1 -t 30");
        assertThat(change.timeoutSeconds()).isEqualTo(30);
        assertThat(change.has(Attribute.MARK)).isFalse();
        assertThat(change.has(Attribute.STATUS)).isFalse();
        assertThat(change.zone()).as("else another flow is meant").isEqualTo(7);
    }

    @Test
    void theMaskOfAnUpdateSaysWhichBitsAreCleared() {
        assertThat(updated("-U -p tcp -m 0xf0/0xff").mark()).isEqualTo(0xf0);
        assertThat(updated("-U -p tcp -m 1/0").mark()).isEqualTo(0x14);
        assertThat(updated("-U -p tcp -m 2/0xf").mark()).isEqualTo(0x12);
        assertThat(updated("-U -p tcp -m 1").mark()).isEqualTo(1);
    }

    @Test
    void statusBitsAreAddedOnly() {
        Flow change = updated("-U -p tcp -u FIXED_TIMEOUT");
        assertThat(change.status()).isEqualTo(WEB.status() | Status.FIXED_TIMEOUT);
    }

    @Test
    void labelsAreDeletedOnlyWhereThereAreSome() {
        Flow change = updated("-U -p tcp --label-del");
        assertThat(change.labelWords()).isPositive();
        assertThat(FlowTemplate.labelMask(read("-U -p tcp --label-del"))).containsOnly(-1);
        Arguments read = read("-U -p tcp --label-del");
        assertThat(FlowTemplate.updated(read, WEB.toBuilder().labels(null).build()))
                .isNull();
    }
}
