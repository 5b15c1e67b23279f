// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.testkit.LinkFaults;
import io.keepstate.testkit.Segment;
import io.keepstate.vrrp.FaultCause;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The statements of scripts: what can happen, and what can be expected. */
final class Statements {
    private static final double PERCENT = 100;

    private final Map<String, RouterDefinition> routers;
    private final Map<String, GroupDefinition> groups;

    Statements(Map<String, RouterDefinition> routers, Map<String, GroupDefinition> groups) {
        this.routers = routers;
        this.groups = groups;
    }

    Scenario.Action action(String verb, Words words) throws ScenarioException {
        Scenario.Action action = switch (verb.toLowerCase(Locale.ROOT)) {
            case "start", "stop", "crash", "hold", "release", "resign", "pause", "resume" -> whole(verb, words);
            case "stall" -> stall(words);
            case "link" -> link(words);
            case "network" -> network(words);
            case "cut" -> cut(words);
            case "mend" -> partition(router(words), true, true);
            case "fault", "clear" -> fault(verb.equalsIgnoreCase("fault"), words);
            case "track" -> track(words);
            case "lose" -> lose(words);
            case "priority" -> priority(words);
            case "source" -> source(words);
            case "receive" -> receive(words);
            default ->
                throw words.wrong("'" + verb + "' cannot happen; there are start, stop, crash, stall, resign,"
                        + " hold, release, pause, resume, link, network, cut, mend, fault, clear, track, lose,"
                        + " priority, source, receive, wait and expect");
        };
        words.end();
        return action;
    }

    private Scenario.Action whole(String verb, Words words) throws ScenarioException {
        String name = known(words);
        if (verb.equalsIgnoreCase("resign")) {
            String text = words.isEmpty() ? "told to" : words.word("the reason");
            return acting(name, run -> run.unit(name).resign(text, run.nowNanos()));
        }
        return switch (verb.toLowerCase(Locale.ROOT)) {
            case "start" -> run -> run.unit(name).start(run.nowNanos());
            case "stop" -> acting(name, run -> run.unit(name).stop(run.nowNanos()));
            case "crash" -> run -> run.unit(name).crash(run);
            case "pause" -> acting(name, run -> run.unit(name).pause(run.nowNanos()));
            case "resume" -> acting(name, run -> run.unit(name).goOn(run.nowNanos()));
            case "hold" -> acting(name, run -> run.unit(name).hold(true));
            default -> acting(name, run -> run.unit(name).hold(false));
        };
    }

    /** Something that a process does or learns: not while it stands still, and never when it is gone. */
    private static Scenario.Action acting(String name, Scenario.Action action) {
        return run -> run.unit(name).act(() -> action.run(run));
    }

    private Scenario.Action stall(Words words) throws ScenarioException {
        String name = known(words);
        long nanos = words.time("how long it stalls");
        return run -> {
            Unit unit = run.unit(name);
            unit.stall(run.nowNanos() + nanos);
            run.later(nanos, () -> unit.resume(run.nowNanos()));
        };
    }

    private Scenario.Action link(Words words) throws ScenarioException {
        String name = router(words);
        boolean up = words.take("up");
        if (!up && !words.take("down")) {
            throw words.wrong("a link goes up or down; write `link " + name + " down'");
        }
        return run -> {
            run.station(name).link(up);
            run.unit(name).act(() -> run.station(name).tellLink(run.nowNanos()));
        };
    }

    /** What a segment does to packets from now on. */
    private Scenario.Action network(Words words) throws ScenarioException {
        String link = words.word("the name of a link");
        if (routers.values().stream().noneMatch(router -> router.link().equals(Optional.of(link)))) {
            throw words.wrong("no router is on link " + link + "; give one link=" + link);
        }
        Settings settings = words.settings();
        double loss = settings.number("loss", 0, 100).orElse(0) / PERCENT;
        double duplicates = settings.number("duplicates", 0, 100).orElse(0) / PERCENT;
        List<String> delay = List.of(settings.text("delay").orElse("100us").split("\\.\\.", 2));
        settings.end();
        Optional<Long> least = ScenarioTime.parse(delay.get(0));
        Optional<Long> most = ScenarioTime.parse(delay.get(delay.size() - 1));
        if (least.isEmpty() || most.isEmpty() || least.get() > most.get()) {
            throw words.wrong("delay=" + String.join("..", delay) + ": it must be a time, or two such as 100us..5ms");
        }
        LinkFaults faults = new LinkFaults(loss, duplicates, least.get(), most.get());
        return run -> run.segment(link).faults(faults);
    }

    private Scenario.Action cut(Words words) throws ScenarioException {
        String name = router(words);
        String what = words.word("which direction is cut: send, receive or both");
        return switch (what.toLowerCase(Locale.ROOT)) {
            case "send" -> partition(name, false, true);
            case "receive" -> partition(name, true, false);
            case "both" -> partition(name, false, false);
            default -> throw words.wrong("'" + what + "' is no direction; there are send, receive and both");
        };
    }

    private static Scenario.Action partition(String name, boolean sends, boolean receives) {
        return run -> {
            Segment.Port port = run.station(name).port();
            if (port != null) {
                port.partition(sends, receives);
            }
        };
    }

    private Scenario.Action fault(boolean sets, Words words) throws ScenarioException {
        String name = router(words);
        String kind = words.word("what fails: link, source_address, tracker or application");
        FaultCause.Kind found = kind(kind, words);
        String subject = words.isEmpty() ? kind : words.word("its name");
        FaultCause cause = new FaultCause(found, subject);
        return acting(
                name,
                sets
                        ? run -> run.station(name).router().fault(cause, run.nowNanos())
                        : run -> run.station(name).router().clearFault(cause, run.nowNanos()));
    }

    private static FaultCause.Kind kind(String word, Words words) throws ScenarioException {
        for (FaultCause.Kind kind : FaultCause.Kind.values()) {
            if (EventFields.lower(kind).equalsIgnoreCase(word)) {
                return kind;
            }
        }
        throw words.wrong("'" + word + "' cannot fail; there are link, source_address, tracker and application");
    }

    private Scenario.Action track(Words words) throws ScenarioException {
        String name = router(words);
        String subject = words.word("the name of what is tracked");
        Tracked what = definition(name).config().tracks().stream()
                .map(Track::what)
                .filter(each -> each.name().equals(subject))
                .findFirst()
                .orElseThrow(() -> words.wrong(name + " does not track " + subject + "; add it to its track="));
        String value = words.word("the result: up, down or a number");
        boolean number = value.matches("-?\\d{1,9}");
        if (!number && !value.equalsIgnoreCase("up") && !value.equalsIgnoreCase("down")) {
            throw words.wrong("'" + value + "' is no result; there are up, down and numbers");
        }
        TrackValue result =
                number ? TrackValue.number(Integer.parseInt(value)) : TrackValue.of(value.equalsIgnoreCase("up"));
        return acting(name, run -> run.station(name).router().onTrack(what, result, run.nowNanos()));
    }

    private Scenario.Action lose(Words words) throws ScenarioException {
        String name = router(words);
        String address = words.word("the virtual address that is gone");
        return acting(name, run -> run.station(name).router().onAddressLost(address, run.nowNanos()));
    }

    private Scenario.Action priority(Words words) throws ScenarioException {
        String name = router(words);
        String text = words.word("the priority");
        int value = text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
        RouterDefinition router = definition(name);
        if (value < 1 || value > 254 || router.config().isOwner()) {
            throw words.wrong("priority " + text + " of " + name
                    + (router.config().isOwner() ? ": an owner stays at 255" : ": it must be 1 to 254"));
        }
        return acting(name, run -> run.station(name).router().setPriority(value, run.nowNanos()));
    }

    private Scenario.Action source(Words words) throws ScenarioException {
        String name = router(words);
        String text = words.word("the new source address");
        try {
            IpAddress address = IpAddress.parse(text);
            if (address.family() != definition(name).config().family()) {
                throw words.wrong(text + " is not of the family of " + name + "'s virtual addresses");
            }
            return acting(name, run -> run.station(name).router().setSourceAddress(address));
        } catch (IllegalArgumentException e) {
            throw words.wrong(String.valueOf(e.getMessage()));
        }
    }

    private Scenario.Action receive(Words words) throws ScenarioException {
        String name = router(words);
        byte[] datagram = PacketDefinition.datagram(definition(name), words);
        return run -> run.unit(name).deliver(run.station(name), datagram, run);
    }

    Expectation expectation(Words words) throws ScenarioException {
        return Expectation.of(known(words), words);
    }

    /** The name of a router or a group. */
    private String known(Words words) throws ScenarioException {
        String name = words.word("the name of a router or group");
        if (!routers.containsKey(name) && !groups.containsKey(name)) {
            throw words.wrong("there is no router or group " + name + "; define it at the beginning");
        }
        return name;
    }

    private String router(Words words) throws ScenarioException {
        String name = words.word("the name of a router");
        if (!routers.containsKey(name)) {
            throw words.wrong("there is no router " + name + "; define it at the beginning");
        }
        return name;
    }

    private RouterDefinition definition(String name) {
        RouterDefinition router = routers.get(name);
        if (router == null) {
            throw new AssertionError(name + " was checked");
        }
        return router;
    }
}
