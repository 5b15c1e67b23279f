// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the virtual routers of a host can track, besides interfaces, which need no definition. Routers refer to these by
 * name; one that is not referred to is not run or watched.
 *
 * @param scripts each with a name of its own
 * @param files each with a name of its own
 * @param processes each with a name of its own
 * @param delays at most one per interface
 * @param dynamicInterfaces whether interfaces may be absent at start, or be deleted and made again; without it an absent
 *     interface is an error at start
 */
public record TrackedObjects(
        List<TrackedScript> scripts,
        List<TrackedFile> files,
        List<TrackedProcess> processes,
        List<InterfaceDelays> delays,
        boolean dynamicInterfaces) {

    /** Nothing but interfaces, at once, and they must exist. */
    public static final TrackedObjects NONE = new TrackedObjects(List.of(), List.of(), List.of(), List.of(), false);

    /** Refuses two of a kind with the same name. */
    public TrackedObjects {
        scripts = List.copyOf(scripts);
        files = List.copyOf(files);
        processes = List.copyOf(processes);
        delays = List.copyOf(delays);
        unique("script", scripts.stream().map(TrackedScript::name));
        unique("file", files.stream().map(TrackedFile::name));
        unique("process", processes.stream().map(TrackedProcess::name));
        unique("delay of interface", delays.stream().map(InterfaceDelays::interfaceName));
    }

    /** These scripts only. */
    public static TrackedObjects scripts(List<TrackedScript> scripts) {
        return new TrackedObjects(scripts, List.of(), List.of(), List.of(), false);
    }

    /** Whether this thing, which is not an interface, is among them. */
    public boolean defines(Tracked what) {
        Stream<String> names = switch (what.kind()) {
            case INTERFACE, TRACK_GROUP -> Stream.of();
            case SCRIPT -> scripts.stream().map(TrackedScript::name);
            case FILE -> files.stream().map(TrackedFile::name);
            case PROCESS -> processes.stream().map(TrackedProcess::name);
        };
        return names.anyMatch(what.name()::equals);
    }

    /** The delays of this interface; none if it has none. */
    public InterfaceDelays delaysOf(String interfaceName) {
        return delays.stream()
                .filter(each -> each.interfaceName().equals(interfaceName))
                .findFirst()
                .orElse(InterfaceDelays.none(interfaceName));
    }

    private static void unique(String kind, Stream<String> names) {
        Set<String> seen = new HashSet<>();
        names.forEach(name -> check(seen.add(name), "two definitions of tracked " + kind + " " + name));
    }

    static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
