// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both forms of the reference setup's ruleset load; their form and their agreement are {@code IptablesTwinTest}'s. */
@ExtendWith(LabExtension.class)
class IptablesTwinInteropIT {
    @ParameterizedTest
    @CsvSource({"iptables-restore,firewall.iptables", "ip6tables-restore,firewall.ip6tables"})
    void the_twin_loads(String program, String file, Lab lab) {
        Requires.program(program);
        LabNamespace node = lab.namespace("node");
        String path = Path.of("conf", file).toAbsolutePath().toString();
        assertThat(node.exec("sh", "-c", program + " <" + path)).isZero();
    }

    @Test
    void the_ruleset_loads(Lab lab) {
        Requires.program("nft");
        LabNamespace node = lab.namespace("node");
        assertThat(node.exec(
                        "nft",
                        "-f",
                        Path.of("conf/firewall.nft").toAbsolutePath().toString()))
                .isZero();
    }
}
