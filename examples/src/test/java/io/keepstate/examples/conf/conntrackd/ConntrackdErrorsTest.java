// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong files: every error is one sentence that names line, symbol, reason and remedy, and it does not hide the next. */
class ConntrackdErrorsTest {
    private static final String LINK =
            "UDP { IPv4_address 10.0.0.1 IPv4_Destination_Address 10.0.0.2 Port 3780 Interface eth2 }";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Sync { Mode FTFW { } LINK | f:1: error: syntax error: the file ends here: the block `Sync' of line 1 is never closed, add `}'
            Sync { Mode FTFW { } LINK } } | f:1: error: }: syntax error: this brace closes nothing: remove it, or add the `{' it belongs to
            Sync { LINK { } } | f:1: error: {: syntax error: a block without a name: write the name of the directive before `{'
            Sync { Mode FTFW { Bogus 1; } LINK } | f:1: error: Bogus: syntax error: there is no such directive in `Mode': remove it, or check how it is spelled
            Sync { LINK } General { hashsize 1; } | f:1: error: hashsize: syntax error: there is no such directive in `General': the case of letters counts: write `HashSize'
            Sync { LINK; StripNAT; } | f:2: error: StripNAT: syntax error: there is no such directive in `Sync': conntrackd knows it no more since 1.4.5: remove it
            Stats { NetlinkEventsReliable on; } | f:1: error: NetlinkEventsReliable: syntax error: there is no such directive in `Stats': it belongs into another block: move it there or remove it
            Sync { LINK } General { HashLimit -1; } | f:1: error: -1: syntax error: `HashLimit' needs a value here: write `HashLimit NUMBER'
            Sync { LINK } General { Nice 20; } | f:1: error: 20: syntax error: `Nice' needs a value here: write `Nice -NUMBER (the sign is needed)'
            Sync { UDP { Interface be0; } } | f:1: error: be0: syntax error: `Interface' needs a value here: write `Interface eth2' (one to four letters and digits of which all are hexadecimal are read as an address)
            Sync { UDP { Interface Port; } } | f:1: error: Port: syntax error: `Interface' needs a value here: write `Interface eth2' (`Port' is a word of the grammar and cannot be a name)
            Sync { LINK } General { UNIX { Path /x} } | f:1: error: syntax error: the file ends here: the block `General' of line 1 is never closed, add `}'
            Sync { LINK } General { PollSecs 0; } | f:1: error: PollSecs: 0 seconds between two readings of the table: write 1 or more
            Sync { LINK } General { Scheduler { Type OTHER; } } | f:1: error: Type: there is no scheduler `OTHER': write RR or FIFO
            Sync { LINK TCP { IPv4_address 10.0.0.1 IPv4_Destination_Address 10.0.0.2 Port 3780 Interface eth2 } } | f:1: error: TCP: the link before this one is a UDP link: use one transport for all links
            Sync { Mode FTFW { } } | f:1: error: Sync: there is no link to the peer: add a block `UDP { IPv4_address .. IPv4_Destination_Address .. Port 3780 Interface .. }'
            Sync { UDP { IPv4_address 10.0.0.1 Port 3780 Interface eth2 } } | f:1: error: UDP: this block lacks IPv4_Destination_Address or IPv6_Destination_Address, the address of the peer on the link: add it
            Sync { LINK } Stats { } | f:1: error: Stats: a file has a Sync or a Stats block, not both: remove one of them
            """)
    void saysWhereWhatAndHow(String text, String sentence) {
        Reading<ConntrackdConfig> reading =
                ConntrackdReader.read("f", text.replace("LINK", LINK).replace(";", "\n"));
        assertThat(reading.configuration()).isEmpty();
        assertThat(reading.errors()).extracting(Finding::toString).containsExactly(sentence);
    }

    @Test
    void oneErrorDoesNotHideTheNext() {
        String text = "Sync { Mode FTFW { Bogus 1 2\n} " + LINK + "\nOptions { ExpectationSync { TCP } } }\n"
                + "General { Scheduler { Kind { FIFO } }\nHashLimit x Systemd on\nSystemd 1 }\nOther { HashSize 1 }";
        assertThat(ConntrackdReader.read("c.conf", text).errors())
                .extracting(f -> f.line() + " " + f.directive())
                .containsExactly("1 Bogus", "3 TCP", "4 Kind", "5 x", "6 1", "7 Other");
    }

    @Test
    void theCommandLineSaysItInConntrackdsOwnFormFirst() {
        Finding finding =
                ConntrackdReader.read("c.conf", "Sync {\nBogus }").errors().get(0);
        assertThat(ConntrackdWords.of(finding))
                .containsExactly(
                        "parsing config file in line (2), symbol 'Bogus': syntax error",
                        "c.conf:2: Bogus: syntax error: there is no such directive in `Sync': remove it, or check how"
                                + " it is spelled");
    }

    @Test
    void whatConntrackdPassesOverInSilenceIsRemarked() {
        Reading<ConntrackdConfig> reading = ConntrackdReader.read(
                "c.conf",
                "Sync { Mode FTFW { } " + LINK + " }\nGeneral { HashSize 8\nPollSecs 5\nNetlinkEventsReliable on }");
        assertThat(reading.get().general().hashLimit()).isEqualTo(262_144);
        assertThat(reading.findings())
                .extracting(Finding::toString)
                .containsExactly(
                        "c.conf:2: note: HashSize: has no effect, the caches size themselves; HashLimit bounds them",
                        "c.conf:3: note: PollSecs: flows that live shorter than 5 seconds are not replicated, since the"
                                + " table is read at intervals and no events are: remove it to follow events");
    }

    @Test
    void whatOnlyWeRemarkIsNotSaidByTheCommandLine() {
        Reading<ConntrackdConfig> reading =
                ConntrackdReader.read("c.conf", "Sync { " + LINK + " }\nGeneral { HashSize 8 Nice -5 }");
        assertThat(reading.findings().stream().flatMap(finding -> ConntrackdWords.of(finding).stream()))
                .containsExactly(
                        "c.conf:2: Nice: has no effect, in conntrackd neither since 1.4.5: start the daemon with"
                                + " nice(1), or remove it to silence this");
    }
}
