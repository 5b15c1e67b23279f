// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.conntrackd.SyslogFacility;
import io.keepstate.examples.conf.keepalived.NotifyCommand;
import io.keepstate.examples.conf.keepalived.NotifyConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What surrounds the node: settings, log file, syslog. */
class DaemonSurroundingsTest {
    private static final Optional<Path> KEEPALIVED = Optional.of(Path.of("conf/keepalived-fw1.conf"));
    private static final Optional<Path> CONNTRACKD = Optional.of(Path.of("conf/conntrackd-fw1.conf"));

    @TempDir
    Path directory;

    @Test
    void withBothFilesTheSteeringScriptIsNotRunAndOneLineSaysSo() {
        Settings both = Settings.read(KEEPALIVED, CONNTRACKD);
        assertThat(both.keepalived().orElseThrow().syncGroups().get(0).scripts())
                .isEqualTo(NotifyConfig.NONE);
        assertThat(both.findings())
                .filteredOn(finding -> finding.severity() == Severity.NOTE)
                .filteredOn(finding -> finding.directive().equals("primary-backup.sh"))
                .extracting(Finding::line)
                .containsExactly(6);
    }

    @Test
    void withKeepalivedsFileAloneEveryScriptIsRun() {
        Settings alone = Settings.read(KEEPALIVED, Optional.empty());
        assertThat(alone.keepalived()
                        .orElseThrow()
                        .syncGroups()
                        .get(0)
                        .scripts()
                        .commands())
                .hasSize(3);
    }

    @Test
    void otherScriptsAreRunWithBothFiles() throws IOException {
        Path changed = directory.resolve("keepalived.conf");
        Files.writeString(changed, Files.readString(KEEPALIVED.get()).replace("primary-backup.sh fault", "mail.sh"));
        Settings both = Settings.read(Optional.of(changed), CONNTRACKD);
        assertThat(both.keepalived().orElseThrow().syncGroups().get(0).scripts().commands())
                .extracting(NotifyCommand::programName)
                .containsExactly("mail.sh");
    }

    @Test
    void theLogFileHasConntrackdsLines() throws IOException {
        Path file = directory.resolve("log");
        Appender<ILoggingEvent> appender = DaemonLog.toFile(file);
        appender.doAppend(event(Level.INFO, "committed 3 flows"));
        appender.doAppend(event(Level.ERROR, "no"));
        appender.stop();
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(Files.readAllLines(file).get(0))
                .matches("\\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}] \\(pid="
                        + ProcessHandle.current().pid() + "\\) \\[notice] committed 3 flows");
        assertThat(Files.readAllLines(file).get(1)).endsWith("[ERROR] no");
    }

    @Test
    void aLogFileThatCannotBeWrittenIsOneSentence() {
        assertThatThrownBy(() -> DaemonLog.toFile(directory.resolve("none/log")))
                .hasMessageContaining("cannot write the log file")
                .hasMessageContaining("change LogFile");
    }

    @Test
    void keepalivedsLogFileHasTheNameOfTheProcessBeforeItsLastDot() {
        assertThat(DaemonLog.ownName(Path.of("/var/log/ka.x.log"))).isEqualTo(Path.of("/var/log/ka.x_vrrp.log"));
        assertThat(DaemonLog.ownName(Path.of("ka"))).isEqualTo(Path.of("ka_vrrp"));
    }

    @Test
    void syslogGetsTheIdentOfConntrackd() throws IOException {
        Path socket = directory.resolve("devlog");
        try (UnixDatagramChannel syslog = UnixDatagramChannel.open()) {
            syslog.bind(new UnixSocketAddress(socket.toFile()));
            SyslogAppender appender =
                    DaemonLog.toSyslog(DaemonLog.CONNTRACKD_IDENT, SyslogFacility.LOCAL3.code(), socket);
            appender.doAppend(event(Level.WARN, "hello"));
            ByteBuffer message = ByteBuffer.allocate(500);
            syslog.receive(message);
            assertThat(new String(message.array(), 0, message.position(), StandardCharsets.UTF_8))
                    .startsWith("<156>") // local3 (19) * 8 + warning (4)
                    .endsWith(" conntrack-tools[" + ProcessHandle.current().pid() + "]: hello");
            assertThat(appender.lost()).isZero();
            appender.stop();
        }
    }

    @Test
    void withoutSyslogEventsAreCountedAndNothingElseHappens() {
        SyslogAppender appender = DaemonLog.toSyslog("x", SyslogFacility.DAEMON.code(), directory.resolve("none"));
        appender.doAppend(event(Level.INFO, "lost"));
        assertThat(appender.lost()).isEqualTo(1);
        appender.stop();
    }

    private static ILoggingEvent event(Level level, String message) {
        Logger logger = (Logger) LoggerFactory.getLogger("test");
        return new LoggingEvent("x", logger, level, message, null, null);
    }
}
