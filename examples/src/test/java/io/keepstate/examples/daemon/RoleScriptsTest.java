// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedReader;
import io.keepstate.examples.notify.NotifyScripts;
import io.keepstate.node.event.GroupRemoved;
import io.keepstate.node.event.PriorityEvent;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.RoleChanged;
import io.keepstate.node.event.RouterChanged;
import io.keepstate.node.event.TakeoverEvent;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.TransitionReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which lines a pipe gets for the events of a node, with keepalived's priorities: those of now, trackers counted. */
@Timeout(30)
class RoleScriptsTest {
    private static final String EAST = """
            vrrp_instance E1 {
            interface eth0
            virtual_router_id 7
            priority 150
            virtual_ipaddress {
            10.0.0.1
            }
            %s
            }
            """;

    @TempDir
    Path directory;

    private NotifyScripts notify;
    private RoleScripts scripts;
    private BufferedReader pipe;

    @BeforeEach
    void start() throws IOException {
        KeepalivedConfig config = config(EAST.formatted(""));
        notify = new NotifyScripts();
        notify.use(NotifyMapping.settings(config));
        scripts = new RoleScripts(config, notify);
        pipe = Files.newBufferedReader(directory.resolve("fifo"));
    }

    @AfterEach
    void end() throws IOException {
        pipe.close();
        notify.close();
    }

    @Test
    void masterIsToldWhenTheAddressesAreUpWithThePriorityOfThen() throws IOException {
        becomes(State.BACKUP, Role.BACKUP, 150);
        becomes(State.ACTIVE, Role.ACTIVE, 150);
        scripts.on(new PriorityEvent.Changed("E1", State.ACTIVE, 150, 130));
        scripts.on(new TakeoverEvent.AddressesUp("E1", 1));
        tells("INSTANCE \"E1\" BACKUP 150", "INSTANCE \"E1\" MASTER 130");
    }

    @Test
    void whoHearsALoserTellsThePriorityItHasAndNotTheConfiguredOne() throws IOException {
        becomes(State.ACTIVE, Role.ACTIVE, 130);
        scripts.on(new TakeoverEvent.AddressesUp("E1", 1));
        scripts.on(new PriorityEvent.LoserHeard("E1", "10.0.0.9", 50));
        tells("INSTANCE \"E1\" MASTER 130", "INSTANCE \"E1\" MASTER_RX_LOWER_PRI 130");
    }

    @Test
    void whatIsRemovedIsToldWithThePriorityItHadAsFaultOrAsDeleted() throws IOException {
        for (String line : List.of("", "notify_deleted")) {
            scripts.use(config(EAST.formatted(line)));
            becomes(State.BACKUP, Role.BACKUP, 130);
            becomes(State.INITIALIZE, Role.STOPPED, 120);
            scripts.use(config(EAST.formatted("").replace("E1", "E2")));
            scripts.on(new GroupRemoved("E1", List.of("E1")));
            tells("INSTANCE \"E1\" BACKUP 130", "INSTANCE \"E1\" " + (line.isEmpty() ? "FAULT" : "DELETED") + " 120");
        }
    }

    @Test
    void changesOfPriorityAreToldOnlyWhereAskedFor() throws IOException {
        becomes(State.BACKUP, Role.BACKUP, 150);
        scripts.on(new PriorityEvent.Changed("E1", State.BACKUP, 150, 130));
        scripts.use(config(EAST.formatted("notify_priority_changes")));
        scripts.on(new PriorityEvent.Changed("E1", State.BACKUP, 130, 120));
        scripts.on(new PriorityEvent.Changed("E1", State.ACTIVE, 120, 140));
        tells(
                "INSTANCE \"E1\" BACKUP 150",
                "INSTANCE \"E1\" BACKUP_PRIORITY 120",
                "INSTANCE \"E1\" MASTER_PRIORITY 140");
    }

    private void becomes(State state, Role role, int priority) {
        scripts.on(new RouterChanged("E1", "E1", State.BACKUP, state, priority, TransitionReason.STARTUP, "a test"));
        scripts.on(new RoleChanged("E1", role, TransitionReason.STARTUP, "a test"));
    }

    private void tells(String... lines) throws IOException {
        for (String line : lines) {
            assertThat(pipe.readLine()).isEqualTo(line);
        }
    }

    private KeepalivedConfig config(String instance) {
        return KeepalivedReader.read(
                        "keepalived.conf",
                        "global_defs {\nnotify_fifo " + directory.resolve("fifo") + "\n}\n" + instance)
                .get();
    }
}
