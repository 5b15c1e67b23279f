// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptSecurityTest {
    @TempDir
    Path directory;

    @Test
    void aProgramOfTheSystemIsFit() {
        assertThat(ScriptSecurity.complaint(Path.of("/bin/sh"))).isEmpty();
    }

    @Test
    void aScriptThatAllMayWriteIsNot() throws IOException {
        assumeRoot();
        Path script = script("rwxrwxrwx");
        assertThat(ScriptSecurity.complaint(script))
                .hasValueSatisfying(text ->
                        assertThat(text).contains(script.toString(), "is writable by all", "make it root's alone"));
    }

    @Test
    void aScriptInADirectoryThatAllMayWriteIsNot() throws IOException {
        assumeRoot();
        Path script = script("rwxr-xr-x");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(ScriptSecurity.complaint(script))
                .hasValueSatisfying(text -> assertThat(text).contains(directory + " is writable by all"));
    }

    @Test
    void aScriptOfSomebodyElseIsNot() throws IOException {
        assumeRoot();
        Path script = script("rwxr-xr-x");
        Files.setAttribute(script, "unix:uid", 1234);
        assertThat(ScriptSecurity.complaint(script))
                .hasValueSatisfying(text -> assertThat(text).contains("belongs to user 1234"));
    }

    @Test
    void whatALinkPointsToIsWhatCounts() throws IOException {
        assumeRoot();
        Path script = script("rwxrwxrwx");
        Path link = Files.createSymbolicLink(directory.resolve("link"), script);
        assertThat(ScriptSecurity.complaint(link)).isPresent();
    }

    @Test
    void aScriptThatIsNotThereIsToldSo() {
        assertThat(ScriptSecurity.complaint(Path.of("/nonexistent/x")))
                .hasValueSatisfying(text -> assertThat(text).contains("cannot be looked at"));
    }

    private Path script(String permissions) throws IOException {
        Path script = Files.writeString(directory.resolve("script"), "#!/bin/sh\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(permissions));
    }

    private static void assumeRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root: files must belong to root");
    }
}
