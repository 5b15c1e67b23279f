// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes with three cables of random delay, of which random ones lose their carrier at one end or both: once the cables
 * are well again, both nodes send by the default link, and stay there. The peer is another of ours, or a conntrackd.
 */
class LinkChaseTest {
    private static final int LINKS = 3;
    private static final int SEEDS = 400;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    /** The longest pause between two trials, and a little. */
    private static final long REPAIR = 700 * SECOND;

    private record Event(long at, Runnable what) {}

    /** One end: a selector, or what conntrackd does in its place. */
    private static final class End {
        final LinkSelector selector = new LinkSelector(LINKS, 0);
        final boolean isConntrackd;
        final boolean[] works = {true, true, true};
        int current;
        int moves;

        End(boolean isConntrackd) {
            this.isConntrackd = isConntrackd;
        }

        void state(int link, boolean up, long now) {
            works[link] = up;
            if (isConntrackd && link == current && !up) {
                for (int other = 0; other < LINKS; other++) {
                    if (works[other]) {
                        use(other);
                        return;
                    }
                }
            } else if (!isConntrackd) {
                selector.onState(link, up ? LinkState.RUNNING : LinkState.NO_CARRIER, now);
                use(selector.current());
            }
        }

        void heard(int link, long now) {
            if (!isConntrackd) {
                selector.onHeard(link, now);
            }
            use(isConntrackd ? link : selector.current());
        }

        void tick(long now) {
            if (!isConntrackd) {
                selector.onDeadline(now);
                use(selector.current());
            }
        }

        private void use(int link) {
            moves += link == current ? 0 : 1;
            current = link;
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
    private long now;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothEndUpOnTheDefaultLink(boolean peerIsConntrackd) {
        List<Integer> lost = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            if (!converges(seed, peerIsConntrackd)) {
                lost.add(seed);
            }
        }
        assertThat(lost).as("seeds that did not converge").isEmpty();
    }

    private boolean converges(int seed, boolean peerIsConntrackd) {
        Random random = new Random(seed);
        events.clear();
        now = 0;
        End[] ends = {new End(false), new End(peerIsConntrackd)};
        long troubleEnds = (20 + random.nextInt(60)) * SECOND;
        long[] delays = random.longs(LINKS, MILLI / 10, 300 * MILLI).toArray();
        for (int i = 0; i < 2; i++) {
            speak(ends, i, random, delays);
        }
        for (int i = 0, troubles = random.nextInt(12); i < troubles; i++) {
            int link = random.nextInt(LINKS);
            int which = random.nextInt(3);
            long from = (long) (random.nextDouble() * troubleEnds);
            long until = from + (long) (random.nextDouble() * (troubleEnds - from));
            for (int end = 0; end < 2; end++) {
                if (which == 2 || which == end) {
                    End there = ends[end];
                    events.add(new Event(from + random.nextInt(300) * MILLI, () -> there.state(link, false, now)));
                    events.add(new Event(until + random.nextInt(300) * MILLI, () -> there.state(link, true, now)));
                }
            }
        }
        // Whatever the order of the events above was, in the end all is well.
        for (End end : ends) {
            for (int i = 0; i < LINKS; i++) {
                int link = i;
                events.add(new Event(troubleEnds + 400 * MILLI, () -> end.state(link, true, now)));
            }
        }
        run(troubleEnds + REPAIR);
        int moves = ends[0].moves + ends[1].moves;
        run(troubleEnds + REPAIR + 60 * SECOND);
        return ends[0].current == 0 && ends[1].current == 0 && ends[0].moves + ends[1].moves == moves;
    }

    /** Something is said at the latest each second, often much earlier. */
    private void speak(End[] ends, int which, Random random, long[] delays) {
        End from = ends[which];
        End to = ends[1 - which];
        from.tick(now);
        int link = from.current;
        if (from.works[link]) {
            events.add(new Event(now + delays[link], () -> {
                if (to.works[link]) {
                    to.heard(link, now);
                }
            }));
        }
        long pause = random.nextInt(3) == 0 ? SECOND : (1 + random.nextInt(900)) * MILLI;
        events.add(new Event(now + pause, () -> speak(ends, which, random, delays)));
    }

    private void run(long until) {
        while (!events.isEmpty() && events.peek().at() <= until) {
            Event event = events.poll();
            now = event.at();
            event.what().run();
        }
        now = until;
    }
}
