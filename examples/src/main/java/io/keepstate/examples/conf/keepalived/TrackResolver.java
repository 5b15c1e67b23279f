// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.keepalived.TrackLines.Weight;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Tracked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Joins what an instance tracks, what its group tracks, and what these things are. keepalived's rules: a member of a group
 * has no weights of its own unless the group has {@code sync_group_tracking_weight}; an owner has none at all.
 */
final class TrackResolver {
    private final Definitions definitions;
    private final GroupReader groups;
    private final StaticReader statics;
    private final Findings findings;

    TrackResolver(Definitions definitions, GroupReader groups, StaticReader statics, Findings findings) {
        this.definitions = definitions;
        this.groups = groups;
        this.statics = statics;
        this.findings = findings;
    }

    List<Track> of(InstanceReader instance, int priority) {
        Map<Tracked, Track> tracks = new LinkedHashMap<>();
        boolean owner = priority == 255;
        boolean weightless = groups.takesWeights(instance.name);
        for (TrackLines.Line line : instance.tracks.lines()) {
            Optional<Track> track = resolve(instance, line, owner, weightless);
            if (track.isPresent() && tracks.putIfAbsent(track.get().what(), track.get()) != null) {
                findings.invalid(line.at(), "this is tracked twice, the first line counts: remove one");
            }
        }
        for (TrackLines.Line line : groups.tracks(instance.name)) {
            resolve(instance, line, owner, false).ifPresent(track -> tracks.putIfAbsent(track.what(), track));
        }
        statics.tracks(instance.name).forEach(track -> tracks.put(track.what(), track));
        return new ArrayList<>(tracks.values());
    }

    private Optional<Track> resolve(InstanceReader instance, TrackLines.Line line, boolean owner, boolean weightless) {
        Tracked what = new Tracked(line.kind(), line.at().text());
        Optional<Weight> defined =
                line.kind() == Tracked.Kind.INTERFACE ? Optional.of(Weight.NONE) : definitions.weight(what);
        if (defined.isEmpty()) {
            findings.invalid(
                    line.at(), "no " + what + " is defined, it is not tracked: add " + definition(line.kind()));
            return Optional.empty();
        }
        if (line.kind() == Tracked.Kind.INTERFACE && line.at().text().equals(instance.interfaceName)) {
            findings.invalid(line.at(), "its own interface is tracked anyway, this has no effect: remove it");
            return Optional.empty();
        }
        Weight weight = line.weight().orElse(defined.get());
        if (weight.value() != 0 && owner) {
            findings.invalid(
                    line.at(),
                    "the priority of an owner cannot change, this is not tracked: remove the weight or write `priority"
                            + " 254'");
            return Optional.empty();
        }
        if (weight.value() != 0 && weightless) {
            return withoutWeight(line, what);
        }
        return Optional.of(new Track(what, weight.value(), weight.reverse()));
    }

    private Optional<Track> withoutWeight(TrackLines.Line line, Tracked what) {
        if (line.kind() == Tracked.Kind.INTERFACE) {
            findings.invalid(
                    line.at(),
                    "a member of a sync group has no weights of its own, this interface counts without one: track it in"
                            + " the group, or add sync_group_tracking_weight to that");
            return Optional.of(Track.required(what));
        }
        findings.invalid(
                line.at(),
                "a member of a sync group has no weights of its own, this is not tracked: track it in the group, or add"
                        + " sync_group_tracking_weight to that");
        return Optional.empty();
    }

    private static String definition(Tracked.Kind kind) {
        return switch (kind) {
            case SCRIPT -> "`vrrp_script NAME { ... }'";
            case FILE -> "`track_file NAME { ... }'";
            case PROCESS -> "`vrrp_track_process NAME { ... }'";
            case INTERFACE -> "the interface";
            case TRACK_GROUP -> "`track_group NAME { ... }'";
        };
    }
}
