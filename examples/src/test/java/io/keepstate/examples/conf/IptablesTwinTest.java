// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The iptables form of the reference setup's ruleset: well-formed, and rule by rule the nftables form. */
class IptablesTwinTest {
    private static final String LINE = "#.*|\\*(raw|filter|nat)|:[A-Z]+ (ACCEPT|DROP) \\[0:0]|COMMIT"
            + "|-A [A-Z]+( -[ios] \\S+| -p \\S+| --icmp(v6)?-type \\S+| -m conntrack --ctstate [A-Z,]+)*"
            + " -j (ACCEPT|DROP|CT --notrack|SNAT --to-source \\S+)";

    @ParameterizedTest
    @CsvSource({"firewall.iptables,1", "firewall.ip6tables,0"})
    void itIsWellFormed(String file, int natTables) throws IOException {
        List<String> lines = lines(file);
        assertThat(lines).allMatch(line -> line.matches(LINE));
        assertThat(lines.stream().filter("COMMIT"::equals)).hasSize(2 + natTables);
        assertThat(lines).contains(":INPUT DROP [0:0]", ":FORWARD DROP [0:0]");
        assertThat(lines).noneMatch(line -> line.contains("REJECT"));
    }

    /** One rule for one, but where a set of nftables is several rules, and where a rule is of the other family alone. */
    @ParameterizedTest
    @CsvSource({"firewall.iptables,false", "firewall.ip6tables,true"})
    void itHasTheRulesOfTheNftablesForm(String file, boolean ipv6) throws IOException {
        Predicate<String> ofOtherFamily = line -> ipv6
                ? line.contains("ip protocol") || line.contains(" icmp type") || line.contains("snat")
                : line.contains("ip6 ") || line.contains("icmpv6");
        long rules = lines("firewall.nft").stream()
                .map(String::strip)
                .filter(line -> line.matches("(ip|ip6|iifname|oifname|icmpv6|ct) .*"))
                .filter(ofOtherFamily.negate())
                .mapToLong(line -> line.contains("{") ? line.split(",", -1).length : 1)
                .sum();
        try (Stream<String> twin = lines(file).stream()) {
            assertThat(twin.filter(line -> line.startsWith("-A"))).hasSize((int) rules);
        }
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(Path.of("conf", file));
    }
}
