// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecialFileTest {
    @TempDir
    Path directory;

    @Test
    void eachKindIsKnownAndALinkToItIsNone() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertThat(SpecialFile.SOCKET.isAt(socket)).isTrue();
            assertThat(SpecialFile.NAMED_PIPE.isAt(socket)).isFalse();
        }
        assertThat(SpecialFile.NAMED_PIPE.isAt(pipe)).isTrue();
        Path link = Files.createSymbolicLink(directory.resolve("link"), pipe);
        assertThat(SpecialFile.NAMED_PIPE.isAt(link)).isFalse();
    }

    @Test
    void whatIsNotThereOrIsARegularFileIsNone() throws IOException {
        assertThat(SpecialFile.SOCKET.isAt(directory.resolve("missing"))).isFalse();
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(SpecialFile.SOCKET.isAt(file)).isFalse();
        assertThat(SpecialFile.NAMED_PIPE.isAt(file)).isFalse();
    }
}
