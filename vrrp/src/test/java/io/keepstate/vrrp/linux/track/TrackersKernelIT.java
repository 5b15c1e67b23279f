// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TrackedFile;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.TrackedProcess;
import io.keepstate.vrrp.TrackedScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real scripts, files and processes. */
@ExtendWith(LabExtension.class)
class TrackersKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Tracked SCRIPT = new Tracked(Tracked.Kind.SCRIPT, "check");
    private static final Tracked FILE = new Tracked(Tracked.Kind.FILE, "number");
    private static final Tracked PROCESS = new Tracked(Tracked.Kind.PROCESS, "program");

    private final Map<Tracked, TrackValue> told = new HashMap<>();

    @Test
    void a_script_is_run_again_and_again_and_its_exit_code_is_told(Lab lab) throws IOException {
        Path flag = lab.directory().resolve("works");
        Trackers trackers = track(lab, script(List.of("/usr/bin/test", "-e", flag.toString()), 20));
        await(trackers, SCRIPT, TrackValue.DOWN);
        Files.createFile(flag);
        await(trackers, SCRIPT, TrackValue.UP);
        Files.delete(flag);
        await(trackers, SCRIPT, TrackValue.DOWN);
    }

    @Test
    void a_script_that_hangs_is_ended_with_its_children(Lab lab) throws IOException {
        Path child = lab.directory().resolve("child");
        Path program = lab.directory().resolve("hang.sh");
        Files.writeString(program, "#!/bin/sh\ntrap '' TERM\nsleep 600 & echo $! > " + child + "\nwait\nwait\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Trackers trackers = track(lab, script(List.of(program.toString()), 200));
        await(trackers, SCRIPT, TrackValue.DOWN);
        long first = Long.parseLong(Files.readString(child).strip());
        Lab.eventually(PATIENCE, () -> ended(first), "the child of the script is ended");
        trackers.close();
        long last = Long.parseLong(Files.readString(child).strip());
        Lab.eventually(PATIENCE, () -> ended(last), "the child of the last run is ended");
    }

    @Test
    void a_script_runs_as_the_user_it_is_to_run_as(Lab lab) {
        TrackedScript script = new TrackedScript(
                "check",
                List.of("/bin/sh", "-c", "test $(id -un) = nobody && test $(id -G) = $(id -g nobody)"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                1,
                1,
                false,
                Optional.of("nobody"),
                Optional.empty());
        await(track(lab, TrackedObjects.scripts(List.of(script))), SCRIPT, TrackValue.UP);
    }

    @Test
    void a_script_that_is_not_there_has_failed(Lab lab) {
        await(track(lab, script(List.of("/nowhere/script"), 100)), SCRIPT, TrackValue.DOWN);
    }

    @Test
    void a_file_is_followed_through_writing_renaming_deleting_and_nonsense(Lab lab) throws IOException {
        Path file = lab.directory().resolve("number");
        TrackedFile definition = new TrackedFile("number", file.toString(), OptionalInt.of(3), false);
        Trackers trackers = track(lab, new TrackedObjects(List.of(), List.of(definition), List.of(), List.of(), false));
        await(trackers, FILE, TrackValue.number(3));
        assertThat(Files.readString(file)).isEqualTo("3\n");
        Files.writeString(file, "-60\n");
        await(trackers, FILE, TrackValue.number(-60));
        Path other = Files.writeString(lab.directory().resolve("other"), "5");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        await(trackers, FILE, TrackValue.number(5));
        Files.writeString(file, "rubbish");
        await(trackers, FILE, TrackValue.number(0));
        Files.writeString(file, "8");
        await(trackers, FILE, TrackValue.number(8));
        Files.delete(file);
        await(trackers, FILE, TrackValue.number(0));
    }

    @Test
    void a_file_in_a_directory_that_is_made_later_is_found(Lab lab) throws IOException {
        Path file = lab.directory().resolve("later").resolve("number");
        Trackers trackers = track(
                lab,
                new TrackedObjects(
                        List.of(), List.of(TrackedFile.of("number", file.toString())), List.of(), List.of(), false));
        await(trackers, FILE, TrackValue.number(0));
        Files.createDirectory(file.getParent());
        Files.writeString(file, "11");
        await(trackers, FILE, TrackValue.number(11));
    }

    @Test
    void processes_of_a_program_are_counted(Lab lab) throws IOException {
        Path program = lab.directory().resolve("tracked-thing");
        Files.copy(Path.of("/usr/bin/sleep"), program, StandardCopyOption.COPY_ATTRIBUTES);
        Trackers trackers = track(
                lab,
                new TrackedObjects(
                        List.of(),
                        List.of(),
                        List.of(TrackedProcess.of("program", "tracked-thing")),
                        List.of(),
                        false));
        await(trackers, PROCESS, TrackValue.DOWN);
        Process process = new ProcessBuilder(program.toString(), "600").start();
        lab.closing(process::destroyForcibly);
        await(trackers, PROCESS, TrackValue.UP);
        process.destroyForcibly();
        await(trackers, PROCESS, TrackValue.DOWN);
    }

    @Test
    void other_things_are_tracked_after_a_change_and_the_rest_goes_on(Lab lab) throws IOException {
        Path file = lab.directory().resolve("number");
        Path runs = lab.directory().resolve("runs");
        TrackedFile number = new TrackedFile("number", file.toString(), OptionalInt.of(3), true);
        TrackedScript counting = TrackedScript.of(
                "check", List.of("/bin/sh", "-c", "echo >> " + runs + "; true"), Duration.ofSeconds(1000));
        Trackers trackers = lab.closing(Trackers.start(Thread::new, TrackedObjects.NONE, Set.of(), () -> {}));
        trackers.change(
                new TrackedObjects(List.of(counting), List.of(number), List.of(), List.of(), false),
                Set.of(SCRIPT, FILE));
        await(trackers, SCRIPT, TrackValue.UP);
        await(trackers, FILE, TrackValue.number(3));

        Files.writeString(file, "7");
        await(trackers, FILE, TrackValue.number(7));
        TrackedProcess none = TrackedProcess.of("program", "no-such-program");
        trackers.change(
                new TrackedObjects(List.of(counting), List.of(number), List.of(none), List.of(), false),
                Set.of(SCRIPT, FILE, PROCESS));
        await(trackers, PROCESS, TrackValue.DOWN);
        told.clear();
        trackers.tellAgain();
        await(trackers, FILE, TrackValue.number(7));
        assertThat(told).containsEntry(SCRIPT, TrackValue.UP);
        assertThat(Files.readString(runs))
                .as("the script that is as before is not begun anew")
                .isEqualTo("\n");

        trackers.change(script(List.of("/bin/false"), 1000), Set.of(SCRIPT));
        await(trackers, SCRIPT, TrackValue.DOWN);
        told.clear();
        trackers.tellAgain();
        await(trackers, SCRIPT, TrackValue.DOWN);
        assertThat(told).as("nothing is known of what is no longer tracked").containsOnlyKeys(SCRIPT);
    }

    @Test
    void what_is_tracked_but_not_defined_is_refused() {
        assertThatThrownBy(() -> Trackers.start(Thread::new, TrackedObjects.NONE, Set.of(SCRIPT), () -> {}))
                .hasMessageContaining("script check is tracked but not defined");
    }

    private static TrackedObjects script(List<String> command, int intervalMillis) {
        return TrackedObjects.scripts(List.of(TrackedScript.of("check", command, Duration.ofMillis(intervalMillis))));
    }

    private static Trackers track(Lab lab, TrackedObjects objects) {
        return lab.closing(Trackers.start(
                Thread::new,
                objects,
                Set.of(SCRIPT, FILE, PROCESS).stream().filter(objects::defines).collect(Collectors.toSet()),
                () -> {}));
    }

    private void await(Trackers trackers, Tracked what, TrackValue value) {
        Lab.eventually(
                PATIENCE,
                () -> {
                    trackers.drain(told::put);
                    return value.equals(told.get(what));
                },
                what + " says " + value);
    }

    private static boolean ended(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }
}
