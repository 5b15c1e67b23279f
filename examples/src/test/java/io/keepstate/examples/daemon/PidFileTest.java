// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    @TempDir
    Path directory;

    @Test
    void aKeepalivedIsKnownByItsProgramOrByOurCommand() {
        assertThat(PidFile.isKeepalived("/usr/sbin/keepalived\0-n\0")).isTrue();
        assertThat(PidFile.isKeepalived("keepalived\0")).isTrue();
        assertThat(PidFile.isKeepalived("/usr/bin/java\0-cp\0/opt/lib/*\0" + Main.class.getName() + "\0keepalived\0"))
                .isTrue();
    }

    @Test
    void anotherProgramThatGotTheNumberOfADeadOneIsNone() {
        assertThat(PidFile.isKeepalived("vi\0/etc/keepalived/keepalived.conf\0"))
                .isFalse();
        assertThat(PidFile.isKeepalived("java\0" + Main.class.getName() + "\0conntrackd\0-C\0/etc/keepalived\0"))
                .isFalse();
        assertThat(PidFile.isKeepalived("java\0" + Main.class.getName())).isFalse();
        assertThat(PidFile.isKeepalived("")).isFalse();
    }

    @Test
    void aFileThatNamesNobodyHasNoLivingOwner() throws IOException {
        Path file = directory.resolve("pid");
        assertThat(PidFile.livingOwner(file)).isEmpty();
        assertThat(PidFile.livingOwner(Files.writeString(file, "9999999999\n"))).isEmpty();
        assertThat(PidFile.livingOwner(Files.write(file, new byte[] {(byte) 0xff, 0, '1'})))
                .isEmpty();
    }
}
