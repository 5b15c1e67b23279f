// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.conntrackd.ConntrackdReader;
import io.keepstate.examples.conf.keepalived.KeepalivedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong files: each is answered with one sentence that names file, line, what is wrong and how to fix it. */
class WrongFilesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            vrrp_instance A { interface eth0; priority 1; virtual_ipaddress { 10.0.0.1 } } | f:1: error: vrrp_instance: instance A has no virtual_router_id: add `virtual_router_id NUMBER', 1 to 255, the same on both nodes
            vrrp_instance A { interface eth0; virtual_router_id 256; virtual_ipaddress { 10.0.0.1 } } | f:2: error: virtual_router_id: `256' is not a whole number from 1 to 255: write one
            vrrp_instance A { interface eth0; virtual_router_id; virtual_ipaddress { 10.0.0.1 } } | f:2: error: virtual_router_id: a value is missing: write `virtual_router_id NUMBER'
            vrrp_instance A { interface eth0; virtual_router_id 1; virtual_ipaddress { 10.0.0.256 } } | f:3: error: 10.0.0.256: `10.0.0.256' is not an IPv4 or IPv6 address: write one such as 192.0.2.1 or 2001:db8::1
            vrrp_instance A { interface eth0; virtual_router_id 1; virtual_ipaddress { 10.0.0.1/33 } } | f:3: error: 10.0.0.1/33: `10.0.0.1/33' has no valid prefix length: write 10.0.0.1/0 to /32
            vrrp_instance A { interface eth0; virtual_router_id 1; virtual_ipaddress { 10.0.0.1 } | f:1: error: vrrp_instance: the block that begins here is never closed: add the missing `}'
            vrrp_instance A { interface eth0; virtual_router_id 1; virtual_ipaddress { 10.0.0.1 } } } | f:3: error: }: this closing brace closes nothing: remove it, or add the `{' it belongs to
            vrrp_instance A { interface eth/0; virtual_router_id 1; virtual_ipaddress { 10.0.0.1 } } | f:1: error: interface: `eth/0' cannot be the name of an interface (1 to 15 characters without `/', `:' and blanks): `ip link' lists the names
            vrrp_instance A { virtual_router_id 1; virtual_ipaddress { 10.0.0.1 } } | f:1: error: vrrp_instance: instance A has no interface: add `interface eth0'
            vrrp_instance A { interface eth0; virtual_router_id 1 } | f:1: error: vrrp_instance: instance A has no virtual address: add `virtual_ipaddress { ... }'
            vrrp_instance A { interface eth0; virtual_router_id 1; authentication { auth_type PASS }; virtual_ipaddress { 10.0.0.1 } } | f:3: error: authentication: auth_type PASS needs a password: add `auth_pass SECRET', the same on both nodes
            vrrp_sync_group G { group { X } }; vrrp_instance A { interface eth0; virtual_router_id 1; virtual_ipaddress { 10.0.0.1 } } | f:1: error: X: group G names an instance that does not exist: add `vrrp_instance X { ... }' or remove the name
            vrrp_instance A { interface eth0; virtual_router_id 1; virtual_ipaddress { 10.0.0.1 }; notify "/x; } | f:4: error: notify "/x: in this line a string has no closing ": add it, on the same line
            global_defs { } | f: error: there is no vrrp_instance block: add at least one
            """)
    void inKeepalivedConf(String text, String sentence) {
        Reading<?> reading = KeepalivedReader.read("f", text.replace("; ", "\n"));
        assertThat(reading.configuration()).isEmpty();
        assertThat(reading.errors()).extracting(Finding::toString).containsExactly(sentence);
    }

    @Test
    void anUnknownKeepalivedBlockIsSkippedByItsBraces() {
        String text = "virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n weight 1\n }\n}\n"
                + "vrrp_script chk { script \"/bin/x { \" }\nvrrp_instance A {\n interface eth0\n track_script {\n chk\n }\n"
                + " virtual_router_id 1\n virtual_ipaddress {\n 10.0.0.9\n }\n}\n";
        var reading = KeepalivedReader.read("k.conf", text);
        assertThat(reading.get().instances()).hasSize(1);
        assertThat(reading.findings())
                .extracting(f -> f.line() + " " + f.directive())
                .containsExactly("1 virtual_server");
    }

    @Test
    void aFileThatCannotBeReadIsOneSentence() {
        assertThat(ConntrackdReader.read(Path.of("/nonexistent/c.conf")).findings())
                .extracting(Finding::toString)
                .containsExactly(
                        "/nonexistent/c.conf: error: there is no such file: check the path given on the command"
                                + " line");
        assertThat(KeepalivedReader.read(Path.of("/")).errors()).hasSize(1);
    }

    @Test
    void noTextMakesAReaderThrow() {
        List<String> words = List.of(
                "{",
                "}",
                "\"",
                "#",
                "!",
                "\n",
                "Sync",
                "General",
                "Mode",
                "UDP",
                "UNIX",
                "Path",
                "vrrp_instance",
                "vrrp_sync_group",
                "group",
                "interface",
                "virtual_ipaddress",
                "10.0.0.1/24",
                "dev",
                "brd",
                "Filter",
                "Address",
                "Ignore",
                "IPv4_address",
                "notify",
                "''",
                "-1",
                "authentication",
                "advert_int",
                "::",
                "@main",
                "$A=1",
                "$A",
                "${A}",
                "~SEQ(X,3)",
                "~LST(Y,1,2)",
                "include",
                "vrrp_script",
                "script",
                "virtual_routes",
                "via",
                "table",
                "nexthop",
                "virtual_rules",
                "from",
                "track_script",
                "weight",
                "use_vmac",
                "unicast_peer",
                "\\");
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i >= 0; i--) {
                text.append(words.get(random.nextInt(words.size()))).append(random.nextInt(4) == 0 ? "" : " ");
            }
            ConntrackdReader.read("c", text.toString());
            KeepalivedReader.read("k", text.toString());
        }
    }
}
