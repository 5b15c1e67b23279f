// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code conntrackd -s} prints, to the octet: monitoring plug-ins parse it. Pure. */
public final class StatsText {
    private StatsText() {}

    /**
     * Counters of one cache.
     *
     * @param name internal or external
     * @param active objects that are alive
     * @param total objects that take room, dying ones included
     */
    public record Cache(
            String name,
            long active,
            long total,
            long created,
            long createFailedNoMemory,
            long createFailedNoSpace,
            long updated,
            long updateFailedNotFound,
            long destroyed,
            long destroyFailedNotFound) {
        long createFailed() {
            return createFailedNoMemory + createFailedNoSpace;
        }
    }

    /** Packets and octets of the flows that ended. */
    public record Traffic(long bytes, long packets) {}

    /** What went past a cache that is disabled: events of the kernel straight to the peer. */
    public record Bypass(long created, long updated, long destroyed) {}

    /** What went past a cache that is disabled: flows of the peer straight into the kernel. */
    public record Injected(
            long created, long createFailed, long updated, long updateFailed, long destroyed, long destroyFailed) {}

    /**
     * One dedicated link.
     *
     * @param transport UDP, multicast or TCP
     * @param connections of a TCP link, absent for others
     * @param device the interface
     * @param status RUNNING, NO-CARRIER or DOWN
     * @param active whether it is the link in use
     */
    public record Link(
            String transport,
            Optional<Connections> connections,
            String device,
            String status,
            boolean active,
            long bytesSent,
            long bytesReceived,
            long packetsSent,
            long packetsReceived,
            long sendErrors,
            long receiveErrors) {}

    /**
     * The two connections of a TCP link.
     *
     * @param server whether the peer is connected to us
     * @param client whether we are connected to the peer
     */
    public record Connections(boolean server, boolean client) {}

    /** Messages of the peer, by what was wrong with them, and the gaps in their sequence. */
    public record Messages(
            long wrongVersion,
            long malformedHeader,
            long malformedPayload,
            long badType,
            long truncated,
            long badSize,
            long lost,
            long before) {
        long malformed() {
            return wrongVersion + malformedHeader + malformedPayload + badType + truncated + badSize;
        }
    }

    /** What {@code -s runtime} tells. */
    public record RuntimeCounters(
            Duration uptime,
            long eventsReceived,
            long eventsFiltered,
            long eventsUnknownType,
            long catchEventFailed,
            long dumpUnknownType,
            long netlinkOverrun,
            long flushKernelTable,
            long resyncKernelTable,
            long bufferSize,
            long localReadFailed,
            long localUnknownRequest) {}

    /**
     * One queue.
     *
     * @param name txqueue, errorq or rsqueue
     * @param maximum its limit
     */
    public record Queue(String name, long current, long maximum, long noSpace) {}

    /**
     * {@code -s}: caches, traffic, the active link, message tracking.
     *
     * @param sides what {@link #cache}, {@link #bypass} and {@link #injected} say, one after the other
     */
    public static String summary(String sides, Traffic traffic, Link active, Messages messages) {
        StringBuilder text = new StringBuilder(sides);
        processed(text, traffic);
        text.append(traffic(active));
        line(text, "message tracking:\n%20d Malformed msgs %20d Lost msgs\n\n", messages.malformed(), messages.lost());
        return text.toString();
    }

    /** A cache in {@code -s}. */
    public static String cache(Cache cache) {
        StringBuilder text = new StringBuilder();
        line(text, "cache %s:\n", cache.name());
        line(text, "current active connections:\t%12d\n", cache.active());
        counted(text, "created", cache.created(), cache.createFailed());
        counted(text, "updated", cache.updated(), cache.updateFailedNotFound());
        counted(text, "destroyed", cache.destroyed(), cache.destroyFailedNotFound());
        return text.append('\n').toString();
    }

    /** An internal cache that is disabled, in {@code -s} and {@code -s cache}. */
    public static String bypass(Bypass bypass) {
        StringBuilder text = new StringBuilder("internal bypass:\n");
        line(text, "connections new:\t\t%12d\n", bypass.created());
        line(text, "connections updated:\t\t%12d\n", bypass.updated());
        line(text, "connections destroyed:\t\t%12d\n\n", bypass.destroyed());
        return text.toString();
    }

    /** An external cache that is disabled, in {@code -s} and {@code -s cache}. */
    public static String injected(Injected injected) {
        StringBuilder text = new StringBuilder("external inject:\n");
        counted(text, "created", injected.created(), injected.createFailed());
        counted(text, "updated", injected.updated(), injected.updateFailed());
        counted(text, "destroyed", injected.destroyed(), injected.destroyFailed());
        return text.append('\n').toString();
    }

    /** {@code -s} of a daemon in statistics mode: its cache, and the traffic of what ended. */
    public static String collected(Cache cache, Traffic traffic) {
        StringBuilder text = new StringBuilder(cache(cache));
        processed(text, traffic);
        return text.toString();
    }

    private static void processed(StringBuilder text, Traffic traffic) {
        line(text, "traffic processed:\n%20d Bytes      %20d Pckts\n\n", traffic.bytes(), traffic.packets());
    }

    /** {@code -s network}: reject reasons, sequence tracking, the active link. */
    public static String network(Link active, Messages messages) {
        StringBuilder text = new StringBuilder("network statistics:\n\trecv:\n");
        line(text, "\t\tMalformed messages:\t%20d\n", messages.malformed());
        line(text, "\t\tWrong protocol version:\t%20d\n", messages.wrongVersion());
        line(text, "\t\tMalformed header:\t%20d\n", messages.malformedHeader());
        line(text, "\t\tMalformed payload:\t%20d\n", messages.malformedPayload());
        line(text, "\t\tBad message type:\t%20d\n", messages.badType());
        line(text, "\t\tTruncated message:\t%20d\n", messages.truncated());
        line(text, "\t\tBad message size:\t%20d\n", messages.badSize());
        line(text, "\tsend:\n\t\tMalformed messages:\t%20d\n\n", 0L);
        line(text, "sequence tracking statistics:\n\trecv:\n\t\tPackets lost:\t\t%20d\n", messages.lost());
        line(text, "\t\tPackets before:\t\t%20d\n\n", messages.before());
        return text.append(traffic(active)).toString();
    }

    /** {@code -s cache}: the caches in detail. */
    public static String caches(List<Cache> caches) {
        StringBuilder text = new StringBuilder();
        for (Cache cache : caches) {
            line(text, "cache:%s\tactive objects:\t\t%12d\n", cache.name(), cache.active());
            line(text, "\tactive/total entries:\t\t%12d/%12d\n", cache.active(), cache.total());
            line(text, "\tcreation OK/failed:\t\t%12d/%12d\n", cache.created(), cache.createFailed());
            line(text, "\t\tno memory available:\t%12d\n", cache.createFailedNoMemory());
            line(text, "\t\tno space left in cache:\t%12d\n", cache.createFailedNoSpace());
            line(text, "\tupdate OK/failed:\t\t%12d/%12d\n", cache.updated(), cache.updateFailedNotFound());
            line(text, "\t\tentry not found:\t%12d\n", cache.updateFailedNotFound());
            line(text, "\tdeletion created/failed:\t%12d/%12d\n", cache.destroyed(), cache.destroyFailedNotFound());
            line(text, "\t\tentry not found:\t%12d\n\n", cache.destroyFailedNotFound());
        }
        return text.toString();
    }

    /** {@code -s runtime}: uptime, netlink and process counters. */
    public static String runtime(RuntimeCounters runtime) {
        StringBuilder text = new StringBuilder("daemon uptime: ");
        text.append(uptime(runtime.uptime())).append("\n\nnetlink stats:\n");
        line(text, "\tevents received:\t%20d\n", runtime.eventsReceived());
        line(text, "\tevents filtered:\t%20d\n", runtime.eventsFiltered());
        line(text, "\tevents unknown type:\t\t%12d\n", runtime.eventsUnknownType());
        line(text, "\tcatch event failed:\t\t%12d\n", runtime.catchEventFailed());
        line(text, "\tdump unknown type:\t\t%12d\n", runtime.dumpUnknownType());
        line(text, "\tnetlink overrun:\t\t%12d\n", runtime.netlinkOverrun());
        line(text, "\tflush kernel table:\t\t%12d\n", runtime.flushKernelTable());
        line(text, "\tresync with kernel table:\t%12d\n", runtime.resyncKernelTable());
        line(text, "\tcurrent buffer size (in bytes):\t%12d\n\n", runtime.bufferSize());
        line(text, "runtime stats:\n\tchild process failed:\t\t%12d\n", 0L);
        line(text, "\t\tchild process segfault:\t%12d\n\t\tchild process termsig:\t%12d\n", 0L, 0L);
        line(text, "\tselect failed:\t\t\t%12d\n\twait failed:\t\t\t%12d\n", 0L, 0L);
        line(text, "\tlocal read failed:\t\t%12d\n", runtime.localReadFailed());
        line(text, "\tlocal unknown request:\t\t%12d\n\n", runtime.localUnknownRequest());
        return text.toString();
    }

    /** {@code -s link}: every link, the active one named so. */
    public static String links(List<Link> links) {
        StringBuilder text = new StringBuilder();
        for (Link link : links) {
            line(
                    text,
                    "%s traffic device=%s status=%s role=%s:\n",
                    link.transport(),
                    link.device(),
                    link.status(),
                    link.active() ? "ACTIVE" : "BACKUP");
            text.append(trafficLines(link));
        }
        return text.toString();
    }

    /** {@code -s queue}: the queues. */
    public static String queues(long allocatedNodes, List<Queue> queues) {
        StringBuilder text = new StringBuilder();
        line(text, "allocated queue nodes:\t\t%12d\n\n", allocatedNodes);
        for (Queue queue : queues) {
            line(text, "queue %s:\n", queue.name());
            line(text, "current elements:\t\t%12d\n", queue.current());
            line(text, "maximum elements:\t\t%12d\n", queue.maximum());
            line(text, "not enough space errors:\t%12d\n\n", queue.noSpace());
        }
        return text.toString();
    }

    /**
     * {@code -s rsqueue}: what was sent and is not acknowledged.
     *
     * @param messages lines of {@link #unacknowledged}
     */
    public static String resendQueue(List<String> messages) {
        return "resent queue (len=" + messages.size() + ")\n" + String.join("", messages);
    }

    /**
     * A message in {@code -s rsqueue}.
     *
     * @param flags of a control message; 0 for an object
     */
    public static String unacknowledged(int sequence, int flags) {
        String number = " -> seq:" + Integer.toUnsignedString(sequence);
        return (flags == 0 ? "object" + number : "control" + number + " flags:" + flags) + "\n";
    }

    private static String traffic(Link active) {
        String connections = active.connections()
                .map(both -> " server=" + connected(both.server()) + " client=" + connected(both.client()))
                .orElse("");
        return active.transport() + " traffic (active device=" + active.device() + ")" + connections + ":\n"
                + trafficLines(active);
    }

    private static String connected(boolean is) {
        return is ? "connected" : "disconnected";
    }

    private static String trafficLines(Link link) {
        StringBuilder text = new StringBuilder();
        line(text, "%20d Bytes sent %20d Bytes recv\n", link.bytesSent(), link.bytesReceived());
        line(text, "%20d Pckts sent %20d Pckts recv\n", link.packetsSent(), link.packetsReceived());
        line(text, "%20d Error send %20d Error recv\n\n", link.sendErrors(), link.receiveErrors());
        return text.toString();
    }

    private static void counted(StringBuilder text, String what, long done, long failed) {
        line(text, "connections %s:\t\t%12d\tfailed:\t%12d\n", what, done, failed);
    }

    /** {@code N min}, {@code H h M min}, {@code N day(s) H h M min}. */
    private static String uptime(Duration uptime) {
        StringBuilder text = new StringBuilder();
        if (uptime.toDays() > 0) {
            text.append(uptime.toDays()).append(" day(s) ");
        }
        if (uptime.toHours() > 0) {
            text.append(uptime.toHoursPart()).append(" h ");
        }
        return text.append(uptime.toMinutesPart()).append(" min").toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
