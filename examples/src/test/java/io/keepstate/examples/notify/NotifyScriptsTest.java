// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.examples.notify.Notification.State;
import io.keepstate.examples.notify.Notification.Subject;
import io.keepstate.vrrp.linux.track.PrimaryGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifyScriptsTest {
    private static final Notification MASTER = new Notification(Subject.INSTANCE, "E1", State.MASTER, 100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void scriptsGetKeepalivedsArgumentsInOrder() throws Exception {
        Path log = directory.resolve("calls");
        String second = "until [ -s " + log + " ]; do :; done; echo \"$@\" >> " + log;
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.tell(
                    new Notification(Subject.GROUP, "G1", State.MASTER, 0),
                    shell("echo master >> " + log),
                    shell(second));
            awaitLines(log, 2);
        }
        assertThat(Files.readAllLines(log)).containsExactly("master", "GROUP G1 MASTER 0");
    }

    @Test
    void aScriptThatCannotBeStartedIsCounted() throws Exception {
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.tell(MASTER, Optional.of(Script.of(List.of("/nonexistent/script"))), Optional.empty());
            assertThat(notify.awaitTold(PATIENCE)).isTrue();
            assertThat(notify.failed()).isEqualTo(1);
        }
    }

    @Test
    void whatCannotBeToldDoesNotKeepTheNextChangeFromBeingTold() throws Exception {
        Path log = directory.resolve("calls");
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.tell(MASTER, Optional.of(Script.of(List.of("/bin/no\0path"))), Optional.empty());
            notify.tell(MASTER, shell("echo told >> " + log), Optional.empty());
            awaitLines(log, 1);
        }
        assertThat(log).hasContent("told");
    }

    @Test
    void aScriptThatHangsEndsWithTheDaemonAndItsChildrenToo() throws Exception {
        Path child = directory.resolve("child");
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.tell(MASTER, shell("sleep 1000 & echo $! > " + child + "; wait"), Optional.empty());
            awaitLines(child, 1);
        }
        long pid = Long.parseLong(Files.readString(child).strip());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void theGenericScriptHearsOfRolesOnly() throws Exception {
        Path log = directory.resolve("calls");
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.tell(
                    new Notification(Subject.INSTANCE, "E1", State.MASTER_RX_LOWER_PRI, 100),
                    shell("echo own >> " + log),
                    shell("echo generic >> " + log));
            awaitLines(log, 1);
        }
        assertThat(Files.readAllLines(log)).containsExactly("own");
    }

    @Test
    void pipesAreMadeForAllToReadAndHaveALineForEachChangeInOrder() throws Exception {
        Path path = directory.resolve("fifo");
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.use(with(path, Optional.empty()));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-r--r--");
            notify.tell(MASTER, Optional.empty(), Optional.empty());
            notify.tell(new Notification(Subject.GROUP, "G 1", State.FAULT, 0), Optional.empty(), Optional.empty());
            assertThat(notify.awaitTold(PATIENCE)).isTrue();
            assertThat(read(path)).isEqualTo("INSTANCE \"E1\" MASTER 100\nGROUP \"G 1\" FAULT 0\n");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void aPipeThatIsMadeBelongsToItsUserAndHisGroup() throws Exception {
        Path path = directory.resolve("fifo");
        // Only root may give a file away.
        String user = System.getProperty("user.name").equals("root") ? "nobody" : System.getProperty("user.name");
        try (NotifyFifo fifo = open(path, Optional.of(user))) {
            assertThat(Files.getOwner(fifo.path()).getName()).isEqualTo(user);
            assertThat(String.valueOf(Files.getAttribute(path, "unix:gid")))
                    .isEqualTo(PrimaryGroup.of(user).orElseThrow());
        }
    }

    @Test
    void aPipeForAnUnknownUserIsWrittenAllTheSame() throws Exception {
        Path path = directory.resolve("fifo");
        try (NotifyFifo fifo = open(path, Optional.of("nobody-knows-him"))) {
            fifo.write(MASTER);
            assertThat(read(path)).isEqualTo("INSTANCE \"E1\" MASTER 100\n");
        }
    }

    @Test
    void aPipeThatWasThereStays() throws Exception {
        Path path = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.use(with(path, Optional.empty()));
        }
        assertThat(path).exists();
    }

    @Test
    void aFileThatIsNoPipeIsRefusedInOneSentence() throws Exception {
        Path path = Files.writeString(directory.resolve("fifo"), "text");
        try (NotifyScripts notify = new NotifyScripts()) {
            assertThatThrownBy(() -> notify.use(with(path, Optional.empty())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is no named pipe: remove it");
        }
        assertThat(path).hasContent("text");
    }

    @Test
    void linesThatFindNoRoomAreCounted() throws Exception {
        try (NotifyFifo fifo = open(directory.resolve("fifo"), Optional.empty())) {
            for (int i = 0; i < 10_000; i++) {
                fifo.write(MASTER);
            }
            assertThat(fifo.lost()).isBetween(1_000L, 9_000L);
            read(fifo.path());
            long before = fifo.lost();
            fifo.write(MASTER);
            assertThat(fifo.lost()).isEqualTo(before);
        }
    }

    @Test
    void theReaderOfAPipeIsStartedWithItsPathAndEndedWithTheDaemon() throws Exception {
        Path path = directory.resolve("fifo");
        Path log = directory.resolve("lines");
        Path gone = directory.resolve("gone");
        String reader = "trap 'echo gone > " + gone + "; exit' TERM; while read -r line; do echo \"$line\" >> " + log
                + "; done < \"$1\"";
        Script script = Script.of(List.of("/bin/sh", "-c", reader, "x"));
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.use(with(path, Optional.of(script)));
            notify.tell(MASTER, Optional.empty(), Optional.empty());
            awaitLines(log, 1);
        }
        awaitLines(gone, 1);
        assertThat(log).hasContent("INSTANCE \"E1\" MASTER 100");
        assertThat(gone).exists();
    }

    @Test
    void anotherReaderOfTheSamePipeFindsItAndHearsOfTheNextChange() throws Exception {
        Path path = directory.resolve("fifo");
        Path log = directory.resolve("lines");
        try (NotifyScripts notify = new NotifyScripts()) {
            notify.use(with(path, shell("exec sleep 1000")));
            assertThat(notify.awaitTold(PATIENCE)).isTrue();
            notify.use(with(path, shell("read -r line < \"$1\"; echo \"$line\" >> " + log)));
            assertThat(notify.awaitTold(PATIENCE)).isTrue();
            assertThat(path).exists();
            notify.tell(MASTER, Optional.empty(), Optional.empty());
            awaitLines(log, 1);
        }
        assertThat(log).hasContent("INSTANCE \"E1\" MASTER 100");
        assertThat(path).doesNotExist();
    }

    @Test
    void settingsThatAreTakenBackAtOnceTakeNoPipeAway() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        try (NotifyScripts notify = new NotifyScripts()) {
            for (int i = 0; i < 50; i++) {
                notify.use(with(first, Optional.empty()));
                notify.use(with(second, Optional.empty()));
            }
            notify.use(with(first, Optional.empty()));
            notify.tell(MASTER, Optional.empty(), Optional.empty());
            assertThat(notify.awaitTold(PATIENCE)).isTrue();
            assertThat(second).doesNotExist();
            assertThat(read(first)).isEqualTo("INSTANCE \"E1\" MASTER 100\n");
        }
        assertThat(first).doesNotExist();
    }

    private static NotifyFifo open(Path path, Optional<String> user) throws IOException {
        return NotifyFifo.open(path, user, Optional.empty());
    }

    private static NotifySettings with(Path fifo, Optional<Script> reader) {
        return new NotifySettings(
                List.of(new NotifySettings.Fifo(fifo, Optional.empty(), Optional.empty(), reader)),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private static String read(Path fifo) throws IOException {
        // For writing as well, so that an empty pipe has no end; what is there is there at once.
        try (FileChannel channel = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.allocate(1 << 17);
            channel.read(text);
            return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        }
    }

    private static Optional<Script> shell(String text) {
        return Optional.of(Script.of(List.of("/bin/sh", "-c", text, "x")));
    }

    private static void awaitLines(Path file, int lines) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end
                && (!Files.exists(file) || Files.readAllLines(file).size() < lines)) {
            Thread.onSpinWait();
        }
    }
}
