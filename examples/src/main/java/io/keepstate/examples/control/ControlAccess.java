// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import io.keepstate.linux.libc.CLibrary;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the control socket: root, the daemon's own user, and the members of a group if one is named. The file's
 * mode keeps others out (0600, or 0660 with a group); the credentials of who connects are checked all the same, since a
 * mode can be changed by hand.
 */
public final class ControlAccess {
    private static final Path PROCESSES = Path.of("/proc");

    private final int ownUser;
    private final @Nullable GroupPrincipal group;
    private int groupId = -1;

    private ControlAccess(int ownUser, @Nullable GroupPrincipal group) {
        this.ownUser = ownUser;
        this.group = group;
    }

    /**
     * The access of root, of ourselves, and of this group.
     *
     * @param groupName as in group(5)
     * @throws ControlSocketException if there is no such group
     */
    public static ControlAccess of(Optional<String> groupName) throws ControlSocketException {
        int own = CLibrary.libc().geteuid();
        try {
            return new ControlAccess(own, groupName.isEmpty() ? null : lookUp(groupName.get()));
        } catch (IOException e) {
            throw new ControlSocketException("cannot open the control socket for "
                    + groupName.map(name -> "the group " + name).orElse("its owner") + " (" + e
                    + "): make the group with groupadd(8), or correct control_group");
        }
    }

    private static GroupPrincipal lookUp(String name) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
    }

    void applyTo(Path socket) throws IOException {
        if (group == null) {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return;
        }
        Files.getFileAttributeView(socket, PosixFileAttributeView.class).setGroup(group);
        groupId = (Integer) Files.getAttribute(socket, "unix:gid");
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    }

    boolean admits(int user, int userGroup, long process) {
        return user == 0 || user == ownUser || (groupId >= 0 && (userGroup == groupId || isMember(process)));
    }

    /** SO_PEERCRED tells the first group only; the others stand in proc(5). */
    private boolean isMember(long process) {
        try {
            return Files.readAllLines(PROCESSES.resolve(process + "/status")).stream()
                    .filter(line -> line.startsWith("Groups:"))
                    .flatMap(line -> Arrays.stream(
                            line.substring("Groups:".length()).strip().split("\\s+")))
                    .anyMatch(Integer.toString(groupId)::equals);
        } catch (IOException gone) {
            return false;
        }
    }
}
