// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import io.keepstate.linux.socket.SpecialFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The file of the control socket: who answers on it, and whether it may be replaced. */
final class ControlSocketFile {
    private ControlSocketFile() {}

    /** Whether some process listens on the path. */
    static boolean answers(Path path) {
        if (!Files.exists(path)) {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException busyOrForbidden) {
            return true; // a full backlog (EAGAIN) or a refusal by permission: somebody is there
        }
    }

    /** Makes room: removes a socket nobody answers on. */
    static void clear(Path path) throws ControlSocketException {
        try {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            // A pipe or a device refuses connections as a dead socket does, and is not to be removed for that.
            if (!SpecialFile.SOCKET.isAt(path)) {
                throw new ControlSocketException("cannot open the control socket " + path
                        + ": something that is no socket is in its place; move it away, or change UNIX { Path }");
            }
            if (answers(path)) {
                throw new ControlSocketException("cannot open the control socket " + path
                        + ": another daemon answers on it; stop that one, or change UNIX { Path }");
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new ControlSocketException("cannot replace the old control socket " + path + " (" + e.getMessage()
                    + "): remove it, or run as its owner");
        }
    }

    /** What tells this file from a later one of the same name; null if there is none. */
    static @Nullable Object key(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                ? Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey()
                : null;
    }
}
