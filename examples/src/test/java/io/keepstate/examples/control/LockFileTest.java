// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
    @TempDir
    Path directory;

    private Path lock;
    private Path socket;

    @BeforeEach
    void paths() {
        lock = directory.resolve("lock");
        socket = directory.resolve("ctl");
    }

    @Test
    void aFreshLockHoldsOurProcessIdAndIsRemovedAtTheEnd() throws Exception {
        try (LockFile ours = LockFile.acquire(lock, socket)) {
            assertThat(ours.takenOverFrom()).isEmpty();
            assertThat(Files.readString(lock))
                    .startsWith(ProcessHandle.current().pid() + "\n");
        }
        assertThat(lock).doesNotExist();
    }

    @Test
    void theRecordLockIsHeldAsLongAsTheLock() throws Exception {
        String pid = Long.toString(ProcessHandle.current().pid());
        try (LockFile ours = LockFile.acquire(lock, socket)) {
            assertThat(ours.takenOverFrom()).isEmpty();
            String inode = ":" + Files.getAttribute(lock, "unix:ino") + " ";
            assertThat(Files.readAllLines(Path.of("/proc/locks")))
                    .anyMatch(line -> line.contains(" WRITE " + pid + " ") && line.contains(inode));
        }
    }

    @Test
    void aFileThatSomebodyElsePutThereMeanwhileStays() throws Exception {
        LockFile ours = LockFile.acquire(lock, socket);
        Files.move(Files.writeString(directory.resolve("theirs"), "theirs"), lock, StandardCopyOption.REPLACE_EXISTING);
        ours.close();
        assertThat(lock).hasContent("theirs");
    }

    @Test
    void aHeldLockIsRefused() throws Exception {
        try (LockFile ours = LockFile.acquire(lock, socket)) {
            assertThat(ours.takenOverFrom()).isEmpty();
            assertThatThrownBy(() -> LockFile.acquire(lock, socket))
                    .isInstanceOf(ControlSocketException.class)
                    .hasMessageContaining("stop that daemon first");
        }
    }

    @Test
    void theLockOfADeadProcessIsTakenOver() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(lock, dead.pid() + "\n");
        try (LockFile ours = LockFile.acquire(lock, socket)) {
            assertThat(ours.takenOverFrom()).contains("process " + dead.pid());
        }
    }

    @Test
    void ourOwnMarkWithoutRecordLockIsStaleWhoeverCarriesThatProcessIdNow() throws Exception {
        Files.writeString(lock, "1\nkeepstate\n");
        try (LockFile ours = LockFile.acquire(lock, socket)) {
            assertThat(ours.takenOverFrom()).contains("process 1");
        }
    }

    @Test
    void theLockOfALivingProcessIsRefused() throws Exception {
        Files.writeString(lock, "1\n");
        assertThatThrownBy(() -> LockFile.acquire(lock, socket)).hasMessageContaining("belongs to process 1");
        assertThat(lock).hasContent("1");
    }

    @Test
    void anEmptyLockIsTakenOverWhenNobodyAnswersOnTheControlSocket() throws Exception {
        Files.createFile(lock);
        try (LockFile ours = LockFile.acquire(lock, socket)) {
            assertThat(ours.takenOverFrom()).contains("an owner that left no process id");
        }
    }

    @Test
    void anEmptyLockIsRefusedWhenSomebodyAnswersOnTheControlSocket() throws Exception {
        Files.createFile(lock);
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> LockFile.acquire(lock, socket)).hasMessageContaining("answers on " + socket);
        }
    }
}
