// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.process.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal over a directory that plays /proc/sys. */
class SysctlJournalTest {

    private static final String ARP_IGNORE = "net/ipv4/conf/eth0.5/arp_ignore";
    private static final String ARP_FILTER = "net/ipv4/conf/eth0.5/arp_filter";
    private static final JournalOwner DEAD = new JournalOwner(new ProcessIdentity(1, 0xdead_beefL), 1);

    @TempDir
    private Path directory;

    private Path parameters;
    private Path journals;
    private Sysctl sysctl;

    @BeforeEach
    void parameters() throws IOException {
        parameters = directory.resolve("sys");
        journals = directory.resolve("run/keepstate");
        sysctl = Sysctl.below(parameters);
        Files.createDirectories(parameters.resolve("net/ipv4/conf/eth0.5"));
        put(ARP_IGNORE, "0");
        put(ARP_FILTER, "0");
    }

    @Test
    void a_clean_end_restores_and_leaves_no_journal() throws IOException {
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            journal.set(Map.of(ARP_IGNORE, "1", ARP_FILTER, "1"));
            assertThat(value(ARP_IGNORE)).isEqualTo("1");
            assertThat(value(ARP_FILTER)).isEqualTo("1");
            assertThat(journalFiles()).hasSize(1);
        }
        assertThat(value(ARP_IGNORE)).isEqualTo("0");
        assertThat(value(ARP_FILTER)).isEqualTo("0");
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void the_last_of_several_that_need_a_value_restores_it() {
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl);
                SysctlJournal other = SysctlJournal.open(journals, sysctl)) {
            journal.set(ARP_IGNORE, "1");
            journal.set(ARP_IGNORE, "1");
            other.set(ARP_IGNORE, "1");
            journal.release(ARP_IGNORE);
            assertThat(value(ARP_IGNORE)).isEqualTo("1");
            journal.release(ARP_IGNORE);
            assertThat(value(ARP_IGNORE)).isEqualTo("1");
            other.release(ARP_IGNORE);
            assertThat(value(ARP_IGNORE)).isEqualTo("0");
        }
    }

    @Test
    void what_a_dead_process_changed_is_restored_by_the_next_one() throws IOException {
        new SysctlJournal(journals, sysctl, DEAD).set(ARP_IGNORE, "1");
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            assertThat(journal.recover()).containsExactly(ARP_IGNORE);
        }
        assertThat(value(ARP_IGNORE)).isEqualTo("0");
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void a_changed_value_is_taken_over_from_a_dead_process_with_its_original() {
        new SysctlJournal(journals, sysctl, DEAD).set(ARP_IGNORE, "1");
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            journal.set(ARP_IGNORE, "1");
        }
        assertThat(value(ARP_IGNORE)).isEqualTo("0");
    }

    @Test
    void a_living_process_is_not_robbed() {
        try (SysctlJournal living = SysctlJournal.open(journals, sysctl);
                SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            living.set(ARP_IGNORE, "1");
            assertThat(journal.recover()).isEmpty();
            assertThat(value(ARP_IGNORE)).isEqualTo("1");
        }
    }

    @Test
    void a_value_that_somebody_else_changed_stays() throws IOException {
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            journal.set(ARP_IGNORE, "1");
            put(ARP_IGNORE, "2");
        }
        assertThat(value(ARP_IGNORE)).isEqualTo("2");
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void a_value_that_is_as_wanted_is_left_to_whoever_made_it_so() throws IOException {
        put(ARP_IGNORE, "1");
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            journal.set(ARP_IGNORE, "1");
            assertThat(journalFiles()).isEmpty();
        }
        assertThat(value(ARP_IGNORE)).isEqualTo("1");
    }

    @Test
    void an_interface_that_was_made_again_has_a_new_original() throws IOException {
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            journal.set(ARP_IGNORE, "1");
            put(ARP_IGNORE, "3");
            journal.set(ARP_IGNORE, "1");
            assertThat(value(ARP_IGNORE)).isEqualTo("1");
        }
        assertThat(value(ARP_IGNORE)).isEqualTo("3");
    }

    @Test
    void a_parameter_that_does_not_exist_is_named_and_no_error() {
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            String missing = "net/ipv6/conf/eth0.5/disable_ipv6";
            assertThat(journal.set(Map.of(missing, "1"))).isEqualTo(List.of(missing));
            journal.release(missing);
        }
    }

    @Test
    void without_a_journal_nothing_is_changed() throws IOException {
        Files.createDirectories(directory.resolve("run"));
        Files.writeString(journals, "a file in the way");
        SysctlJournal journal = SysctlJournal.open(journals, sysctl);
        assertThatThrownBy(() -> journal.set(ARP_IGNORE, "1"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("make the directory writable or name another");
        assertThat(value(ARP_IGNORE)).isEqualTo("0");
    }

    @Test
    void a_journal_that_cannot_be_understood_is_no_reason_to_fail() throws IOException {
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            journal.set(ARP_IGNORE, "1");
        }
        SysctlJournal dead = new SysctlJournal(journals, sysctl, DEAD);
        dead.set(ARP_IGNORE, "1");
        Path file = journalFiles().get(0);
        Files.writeString(file, Files.readString(file) + "half a li");
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            assertThat(journal.recover()).containsExactly(ARP_IGNORE);
            dead.set(ARP_IGNORE, "1");
            Files.writeString(file, "something else entirely");
            assertThat(journal.recover()).isEmpty();
        }
    }

    @Test
    void a_journal_of_an_earlier_boot_is_not_believed() throws IOException {
        new SysctlJournal(journals, sysctl, DEAD).set(ARP_IGNORE, "1");
        Path file = journalFiles().get(0);
        Files.writeString(file, Files.readString(file).replaceFirst("boot .*", "boot 1234"));
        try (SysctlJournal journal = SysctlJournal.open(journals, sysctl)) {
            assertThat(journal.recover()).isEmpty();
        }
        assertThat(value(ARP_IGNORE)).isEqualTo("1");
    }

    @Test
    void a_key_cannot_leave_its_directory() {
        assertThatThrownBy(() -> sysctl.read("../etc/passwd")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sysctl.read("/etc/passwd")).isInstanceOf(IllegalArgumentException.class);
    }

    private void put(String key, String value) throws IOException {
        Files.writeString(parameters.resolve(key), value + "\n");
    }

    private String value(String key) {
        return sysctl.read(key).orElseThrow();
    }

    private List<Path> journalFiles() throws IOException {
        try (var files = Files.list(journals)) {
            return files.filter(file -> file.toString().endsWith(".journal")).toList();
        }
    }
}
