// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.NetworkInterfaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.OptionalInt;

/** This machine and network namespace, seen through the kernel's interfaces, /etc/passwd and the file system. */
public final class ThisMachine implements Surroundings {
    private static final List<String> SEARCHED =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    @Override
    public boolean hasInterface(String name) {
        // Not /sys/class/net, which shows the network namespace it was mounted in.
        return NetworkInterfaces.find(name) != 0;
    }

    @Override
    public OptionalInt mtu(String name) {
        if (!hasInterface(name)) {
            return OptionalInt.empty();
        }
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            return rtnetlink.link(name).stream().mapToInt(Link::mtu).findFirst();
        }
    }

    @Override
    public boolean hasUser(String name) {
        try {
            return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.UTF_8).stream()
                    .anyMatch(line -> line.startsWith(name + ":"));
        } catch (IOException nobodyKnows) {
            return true; // users may come from elsewhere; starting the script will tell
        }
    }

    @Override
    public ScriptFile script(String program) {
        Path found = find(program);
        if (!Files.exists(found)) {
            return ScriptFile.MISSING;
        }
        if (!Files.isRegularFile(found) || !Files.isExecutable(found)) {
            return ScriptFile.NOT_EXECUTABLE;
        }
        try {
            return onlyRootChanges(found.toRealPath()) ? ScriptFile.GOOD : ScriptFile.INSECURE;
        } catch (IOException | UnsupportedOperationException e) {
            return ScriptFile.INSECURE;
        }
    }

    private static Path find(String program) {
        if (program.contains("/")) {
            return Path.of(program);
        }
        return SEARCHED.stream()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("/nonexistent", program));
    }

    private static boolean onlyRootChanges(Path file) throws IOException {
        for (Path each = file; each != null; each = each.getParent()) {
            PosixFileAttributes attributes = Files.readAttributes(each, PosixFileAttributes.class);
            boolean sticky = each != file && isSticky(each);
            boolean writable = attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                    || (attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                            && !attributes.group().getName().equals("root"));
            if (!attributes.owner().getName().equals("root") || (writable && !sticky)) {
                return false;
            }
        }
        return true;
    }

    /** In a sticky directory nobody replaces a file of another. */
    private static boolean isSticky(Path directory) throws IOException {
        return ((int) Files.getAttribute(directory, "unix:mode") & 01000) != 0;
    }
}
