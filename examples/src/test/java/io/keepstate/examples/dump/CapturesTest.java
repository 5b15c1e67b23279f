// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures of keepalived 2.2.7 and conntrackd 1.4.7, against what other programs say of the same packets. */
class CapturesTest {

    /** frame|ip.src|ipv6.src|version|type|vrid|prio|count|auth|interval s|interval cs|checksum|v4|v6|auth text|ttl|hlim. */
    @ParameterizedTest
    @ValueSource(
            strings = {"vrrp-v2-pass", "vrrp-v2-unicast", "vrrp-v2-vmac-virtual", "vrrp-v3-ipv4", "vrrp-v3-ipv4-ipv6"})
    void advertisements_are_what_tshark_says(String capture) throws IOException {
        DumpRun run = DumpRun.of(DumpRun.resource(capture + ".pcap"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.of("vrrp").stream().map(CapturesTest::asTshark).toList())
                .isEqualTo(DumpRun.textOf(capture + ".tshark.txt"));
    }

    @ParameterizedTest
    @CsvSource({"vrrp-v2-pass, 30, 30", "vrrp-v2-vmac-virtual, 35, 30", "vrrp-v3-ipv4-ipv6, 30, 60"})
    void announcements_are_found_as_often_as_tshark_finds_them(String capture, int arp, int nd) throws IOException {
        DumpRun run = DumpRun.of(DumpRun.resource(capture + ".pcap"));

        assertThat(run.of("arp")).hasSize(arp);
        assertThat(run.of("nd")).hasSize(nd);
        assertThat(run.of("arp"))
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("sender_ip", line.get("target_ip"))
                        .containsEntry("sender_mac", line.get("src"))
                        .containsKey("operation_name"));
        assertThat(run.of("nd"))
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("override", true)
                        .containsEntry("solicited", false)
                        .containsEntry("dst", "ff02::1")
                        .containsEntry("checksum_ok", true));
    }

    @Test
    void checksum_forms_and_passwords_are_shown() throws IOException {
        assertThat(DumpRun.of(DumpRun.resource("vrrp-v2-pass.pcap")).of("vrrp"))
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("checksum_form", "message")
                        .containsEntry("auth_password", "zzzz")
                        .containsEntry("auth_data", "7a7a7a7a00000000")
                        .containsEntry("advert_int", 1L)
                        .containsEntry("advert_int_centis", 100L));
        assertThat(DumpRun.of(DumpRun.resource("vrrp-v3-ipv4.pcap")).of("vrrp"))
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("checksum_form", "pseudo_header")
                        .containsEntry("advert_int", new BigDecimal("0.5")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftfw-csum-on", "ftfw-mcast"})
    void flows_of_a_session_are_those_conntrackd_had_in_the_end(String capture) throws IOException {
        DumpRun run = DumpRun.of(DumpRun.resource(capture + ".pcap"));

        Map<Object, String> flows = new LinkedHashMap<>();
        for (Map<String, Object> line : run.of("ftfw")) {
            boolean ofActive = line.get("src").equals("10.0.0.1") && line.containsKey("flow");
            if (ofActive) {
                Map<?, ?> flow = (Map<?, ?>) line.get("flow");
                Object key = key(flow);
                flows.remove(key);
                if (!line.get("type_name").equals("ct_del")) {
                    flows.put(key, String.valueOf(flow.get("text")));
                }
            }
        }
        assertThat(run.exitCode()).isZero();
        assertThat(flows.keySet().stream().map(String::valueOf))
                .containsExactlyInAnyOrderElementsOf(DumpRun.textOf(capture + ".fw2-external.txt").stream()
                        .map(CapturesTest::keyOfLine)
                        .toList());
    }

    @Test
    void expectations_are_those_conntrackd_had_in_the_end() throws IOException {
        DumpRun run = DumpRun.of(DumpRun.resource("ftfw-expect.pcap"));

        List<String> expectations = run.of("ftfw").stream()
                .filter(line -> "exp_new".equals(line.get("type_name")))
                .map(line -> expectationLine((Map<?, ?>) line.get("expectation")))
                .toList();
        assertThat(expectations)
                .containsExactlyInAnyOrderElementsOf(DumpRun.textOf("ftfw-expect.fw2-external-expect.txt").stream()
                        .map(line -> line.replaceAll(" \\[active.*", ""))
                        .toList());
    }

    @Test
    void controls_of_the_session_are_shown_with_their_ranges() throws IOException {
        List<Map<String, Object>> lines =
                DumpRun.of(DumpRun.resource("ftfw-resync.pcap")).of("ftfw");

        assertThat(lines)
                .anySatisfy(
                        line -> assertThat(line).containsEntry("kind", "resync").containsEntry("from", 0L));
        assertThat(lines)
                .anySatisfy(
                        line -> assertThat(line).containsEntry("kind", "ack").containsKeys("from", "to"));
        assertThat(lines).anySatisfy(line -> assertThat(line).containsEntry("hello", true));
        assertThat(lines).anySatisfy(line -> assertThat(line).containsEntry("hello_back", true));
        assertThat(lines)
                .allSatisfy(
                        line -> assertThat(line).containsEntry("version", 1L).containsKey("seq"));
    }

    @Test
    void people_get_one_line_each() throws IOException {
        assertThat(DumpRun.text(DumpRun.resource("vrrp-v2-pass.pcap")).lines().findFirst())
                .hasValue("14:33:44.457126 vrrp 10.15.7.101 > 224.0.0.18 ttl=255 length=20 version=2 vrid=61"
                        + " priority=100 count=1 auth_type=1 advert_int=1 checksum_form=message"
                        + " addresses=10.15.7.100 auth_data=7a7a7a7a00000000 auth_password=zzzz");
    }

    private static String asTshark(Map<String, Object> line) {
        boolean ipv4 = line.containsKey("ttl");
        boolean two = Long.valueOf(2).equals(line.get("version"));
        String addresses = String.join(
                ",",
                ((List<?>) line.get("addresses")).stream().map(String::valueOf).toList());
        return new StringJoiner("|")
                .add(text(line.get("frame")))
                .add(ipv4 ? text(line.get("src")) : "")
                .add(ipv4 ? "" : text(line.get("src")))
                .add(text(line.get("version")))
                .add(text(line.get("type")))
                .add(text(line.get("vrid")))
                .add(text(line.get("priority")))
                .add(text(line.get("count")))
                .add(text(line.get("auth_type")))
                .add(two ? text(line.get("advert_int")) : "")
                .add(two ? "" : text(line.get("advert_int_centis")))
                .add(String.format("0x%04x", (Long) line.get("checksum")))
                .add(ipv4 ? addresses : "")
                .add(ipv4 ? "" : addresses)
                .add(text(line.get("auth_password")))
                .add(text(line.get("ttl")))
                .add(text(line.get("hop_limit")))
                .toString();
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    private static String key(Map<?, ?> flow) {
        String ends = flow.get("l4proto") + " src=" + flow.get("src") + " dst=" + flow.get("dst");
        if (flow.containsKey("icmp_id")) {
            return ends + " type=" + flow.get("icmp_type") + " code=" + flow.get("icmp_code") + " id="
                    + flow.get("icmp_id");
        }
        return ends + " sport=" + flow.get("sport") + " dport=" + flow.get("dport");
    }

    /** {@code tcp 6 CLOSE src=.. dst=.. sport=.. dport=.. [ASSURED] ...}, without what is no part of the key. */
    private static String keyOfLine(String line) {
        String ends = line.replaceAll("^.*?(src=.*?(dport|id)=\\d+).*$", "$1");
        return line.split(" +")[1] + " " + ends;
    }

    private static String expectationLine(Map<?, ?> expectation) {
        Map<?, ?> expected = (Map<?, ?>) expectation.get("expected");
        Map<?, ?> mask = (Map<?, ?>) expectation.get("mask");
        Map<?, ?> master = (Map<?, ?>) expectation.get("master");
        return "proto=" + expected.get("l4proto") + ends("", expected) + ends("mask-", mask) + ends("master-", master)
                + " class=" + expectation.get("class") + " helper=" + expectation.get("helper");
    }

    private static String ends(String prefix, Map<?, ?> tuple) {
        return " " + prefix + "src=" + tuple.get("src") + " " + prefix + "dst=" + tuple.get("dst") + " sport="
                + tuple.get("sport") + " dport=" + tuple.get("dport");
    }
}
