// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedReader;
import io.keepstate.examples.notify.NotifySettings;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What keepalived.conf says about pipes and files becomes what carries it out. */
class NotifyMappingTest {
    @Test
    void dumpsGoToTheNamedFileOrDirectory() {
        KeepalivedConfig config = config("data_use_instance");
        assertThat(NotifyMapping.statusFile(config, "keepalived.json", Optional.of("/run/x/fw.json")))
                .isEqualTo(Path.of("/run/x/fw.json"));
        assertThat(NotifyMapping.statusFile(config, "keepalived.json", Optional.of("/run/x/")))
                .isEqualTo(Path.of("/run/x/keepalived_east.json"));
        assertThat(NotifyMapping.statusFile(config("router_id x"), "keepalived.json", Optional.of("/run/x/")))
                .isEqualTo(Path.of("/run/x/keepalived.json"));
    }

    @Test
    void aPipeBelongsToItsOwnerElseToWhomScriptsRunAs() {
        String pipes = "notify_fifo /run/a joe staff\nvrrp_notify_fifo /run/b";
        NotifySettings settings = NotifyMapping.settings(config("script_user eve\n" + pipes));
        assertThat(settings.fifos())
                .containsExactly(
                        new NotifySettings.Fifo(
                                Path.of("/run/a"), Optional.of("joe"), Optional.of("staff"), Optional.empty()),
                        new NotifySettings.Fifo(
                                Path.of("/run/b"), Optional.of("eve"), Optional.empty(), Optional.empty()));
    }

    private static KeepalivedConfig config(String lines) {
        return KeepalivedReader.read(
                        "keepalived.conf",
                        "instance east\nglobal_defs {\n" + lines + "\n}\nvrrp_instance A {\ninterface eth0\n"
                                + "virtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n")
                .get();
    }
}
