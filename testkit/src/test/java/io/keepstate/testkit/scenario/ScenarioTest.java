// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioTest {

    @Test
    void everything_that_happens_is_told_in_order() throws Exception {
        List<String> lines = new ArrayList<>();
        Scenario.parse("s", "router A priority=100\nat 1s start A\nat 5s wait")
                .run(event -> lines.add(event.toString()));
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo("1s A state from=initialize to=backup reason=startup text=started");
        assertThat(lines.get(1)).isEqualTo("1s A timer timer=active_down at=4.609375s in=3.609375s");
        assertThat(lines.get(2))
                .startsWith("4.609375s A send version=3 vrid=51 priority=100 interval=1s addresses=192.0.2.100"
                        + " auth=none checksum=pseudo_header from=192.0.2.1 to=224.0.0.18 ttl=255 packet=45c0");
        assertThat(lines.get(3)).startsWith("4.609375s A state from=backup to=active reason=active_silent");
        assertThat(lines.get(4)).isEqualTo("4.609375s A timer timer=advertisement at=5.609375s in=1s");
    }

    @Test
    void an_expectation_that_is_not_met_is_reported_with_what_is_the_case() throws Exception {
        Scenario scenario = Scenario.parse("s.vrrp", "router A\nat 0s start A\nexpect A is active\nexpect A send");
        List<Scenario.Failure> failures = scenario.run(event -> {});
        assertThat(failures).hasSize(2);
        assertThat(failures.get(0).toString())
                .contains("s.vrrp:3: not met: expect A is active")
                .contains("A is state=backup priority=100 timer=3.609375s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "router A vrid=0 | s:1: virtual router A: VRID 0 must be 1 to 255",
                "router A priority=0x-5 | s:1: priority=0x-5: it must be a number from",
                "router A priority=0x | s:1: priority=0x: it must be a number from",
                "router A color=red | s:1: there is no setting 'color' here; there are",
                "router A priority=high | s:1: priority=high: it must be a number from",
                "start A | s:1: there is no router or group A; define it at the beginning",
                "at noon start A | s:1: 'noon' is no time",
                "group G A | s:1: there is no router A before this line",
                "explode A | s:1: 'explode' cannot happen; there are start, stop",
                "router A address=nowhere | s:1: 'nowhere' is not an IP address",
                "router A interval=15ms | s:1: virtual router A: interval PT0.015S cannot be advertised",
                "router A checksum=crc | s:1: checksum=crc: it must be one of rfc9568, pseudo_header, old_unicast, auto",
                "router A hmac_mode=off | s:1: hmac_mode=off: it must be one of enforce, permissive, receive_only",
                "router A hmac=1:short | s:1: HMAC key 1 has 5 octets: it must have 32 to 64",
                "clock yesterday | s:1: clock yesterday: it must be seconds since 1970",
                "at | s:1: the time after 'at' is missing at the end of the line",
                "at 1s | s:1: what happens is missing at the end of the line",
                "at 999999999m wait | s:1: '999999999m' is no time"
            })
    void a_script_that_cannot_be_played_says_where_and_why(String text, String complaint) {
        assertThatThrownBy(() -> Scenario.parse("s", text))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith(complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "receive A interval=41s | s:2: interval=41s: the field of version 3 has room for centiseconds, 0 to 40.95s",
                "receive A interval=15ms | s:2: interval=0.015s: the field of version 3",
                "receive A version=2 interval=256s | s:2: interval=256s: the field of version 2 has room for whole seconds",
                "receive A frame=01005e00001200005e00013381000005 | s:2: frame: its header alone has 18 octets, this has 16",
                "receive A packet=45c | s:2: packet=45c: it must be octets in hexadecimal",
                "receive A packet=45 priority=3 | s:2: there is no setting 'priority' here; there are frame, packet",
                "group G A resignation=never | s:2: resignation=never: it must be one of this_leg, silent_legs, all_legs",
                "after 999999999s wait | s:3: 1999999998s is beyond the end of time"
            })
    void a_line_that_cannot_be_played_says_where_and_why(String line, String complaint) {
        assertThatThrownBy(() -> Scenario.parse("s", "router A\n" + line + "\n" + line))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith(complaint);
    }

    @Test
    void a_mark_in_front_of_the_text_is_no_word() throws Exception {
        assertThat(Scenario.parse("s", "\ufeffrouter A\r\nat 0s start A\r\nexpect A is backup\r\n")
                        .run(event -> {}))
                .isEmpty();
    }

    @Test
    void a_packet_of_255_addresses_is_one_word_on_any_stack() throws Exception {
        String addresses = IntStream.rangeClosed(1, 255)
                .mapToObj(i -> "2001:db8::" + Integer.toHexString(i))
                .collect(Collectors.joining(","));
        String routers = "router A address=fe80::100/64," + addresses.substring(0, addresses.lastIndexOf(','));
        FutureTask<List<ScenarioEvent>> play = new FutureTask<>(() -> {
            List<ScenarioEvent> sent = new ArrayList<>();
            Scenario.parse("s", routers + "\nat 0s start A\nat 4s wait").run(sent::add);
            String packet = sent.stream()
                    .filter(event -> event.kind() == ScenarioEvent.Kind.SEND)
                    .map(event -> event.fields().get("packet").toString())
                    .findFirst()
                    .orElseThrow();
            List<ScenarioEvent> heard = new ArrayList<>();
            Scenario.parse("s", routers + "\nat 0s start A\nreceive A packet=" + packet)
                    .run(heard::add);
            return heard;
        });
        new Thread(null, play, "a small stack", 256 << 10).start();
        assertThat(play.get(20, TimeUnit.SECONDS))
                .filteredOn(event -> event.kind() == ScenarioEvent.Kind.RECEIVE)
                .singleElement()
                .satisfies(event ->
                        assertThat((List<?>) event.fields().get("addresses")).hasSize(255));
    }

    @Test
    void numbers_are_decimal_whatever_they_begin_with_and_hexadecimal_behind_0x() throws Exception {
        String script = """
                router A vrid=051 priority=099
                router B vrid=0x33 priority=0Xfe
                at 0s  start A
                       start B
                at 4s  wait
                       expect A send vrid=51 priority=99
                       expect A send vrid=0x33 priority=0099
                       expect B send vrid=51 priority=254
                       expect A no send vrid=33
                       expect A no send vrid=none
                """;
        assertThat(Scenario.parse("s", script).run(event -> {})).isEmpty();
    }

    @Test
    void time_does_not_go_back() {
        assertThatThrownBy(() -> Scenario.parse("s", "router A\nat 2s start A\nat 1s stop A"))
                .hasMessageStartingWith("s:3: time would go back from 2s to 1s");
    }
}
