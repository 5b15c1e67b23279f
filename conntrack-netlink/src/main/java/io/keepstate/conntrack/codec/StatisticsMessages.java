// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Asks for the counters of connection tracking and reads the answers. For one question.
 *
 * <p>What is malformed is counted and dropped. Source: net/netfilter/nf_conntrack_netlink.c, ctnetlink_ct_stat_cpu_fill_info,
 * ctnetlink_stat_ct_fill_info, ctnetlink_exp_stat_fill_info.
 */
public final class StatisticsMessages {
    /** No question is longer. */
    public static final int REQUEST_OCTETS = Nlmsg.HEADER_OCTETS + Nlmsg.NFGENMSG_OCTETS;

    // enum cntl_msg_types and ctnl_exp_msg_types with their subsystems
    private static final int CT_GET_STATS_CPU = 0x0104;
    private static final int CT_GET_STATS = 0x0105;
    private static final int EXP_GET_STATS_CPU = 0x0203;

    /** The kernel answers the latter in the name of the other subsystem (ctnetlink_exp_stat_fill_info). */
    private static final int EXP_STATS_CPU_ANSWER = 0x0103;

    // enum ctattr_stats_global
    private static final int GLOBAL_ENTRIES = 1;
    private static final int GLOBAL_MAX_ENTRIES = 2;

    private final AttributeCursor attributes = new AttributeCursor();
    private final List<CpuStatistics> processors = new ArrayList<>();
    private final int sequence;
    private boolean done;
    private int errno;
    private long entries = -1;
    private long maximum = -1;
    private long malformed;

    /** For the question with this sequence number. */
    public StatisticsMessages(int sequence) {
        this.sequence = sequence;
    }

    /** Asks for the counters of each processor. */
    public void askProcessors(ByteBuf out) {
        ask(out, CT_GET_STATS_CPU, Nlmsg.F_DUMP);
    }

    /** Asks for the counters of expectations of each processor. */
    public void askExpectations(ByteBuf out) {
        ask(out, EXP_GET_STATS_CPU, Nlmsg.F_DUMP);
    }

    /** Asks how many flows there are, and how many there may be. */
    public void askEntries(ByteBuf out) {
        ask(out, CT_GET_STATS, Nlmsg.F_ACK);
    }

    private void ask(ByteBuf out, int type, int flags) {
        new AttributeWriter(out, type, Nlmsg.F_REQUEST | flags, sequence, 0, 0).end();
    }

    /** Reads one datagram of answers. */
    public void read(ByteBuf datagram) {
        int end = datagram.writerIndex();
        for (int at = datagram.readerIndex(); at < end; ) {
            long length = end - at < Nlmsg.HEADER_OCTETS ? 0 : datagram.getUnsignedIntLE(at + Nlmsg.LENGTH);
            if (length < Nlmsg.HEADER_OCTETS || length > end - at) {
                malformed++;
                return;
            }
            if (datagram.getIntLE(at + Nlmsg.SEQUENCE) == sequence) {
                message(datagram, at, at + (int) length);
            }
            at += Nlmsg.align((int) length);
        }
    }

    private void message(ByteBuf in, int at, int end) {
        int body = at + Nlmsg.HEADER_OCTETS;
        if (end < body + Nlmsg.NFGENMSG_OCTETS) {
            malformed++;
            return;
        }
        switch (in.getUnsignedShortLE(at + Nlmsg.TYPE)) {
            case Nlmsg.ERROR, Nlmsg.DONE -> {
                done = true;
                errno = -in.getIntLE(body);
            }
            case CT_GET_STATS_CPU -> processor(in, body, end, false);
            case EXP_GET_STATS_CPU, EXP_STATS_CPU_ANSWER -> processor(in, body, end, true);
            case CT_GET_STATS -> entries(in, body, end);
            default -> malformed++;
        }
    }

    private void processor(ByteBuf in, int body, int end, boolean ofExpectations) {
        // nfgenmsg.res_id, network order, is the number of the processor
        int cpu = in.getUnsignedShort(body + 2);
        Map<Statistic, Long> counts = new EnumMap<>(Statistic.class);
        attributes.over(in, body + Nlmsg.NFGENMSG_OCTETS, end);
        while (attributes.next()) {
            Statistic statistic = Statistic.of(attributes.type(), ofExpectations);
            if (statistic != null && attributes.length() == Integer.BYTES) {
                counts.put(statistic, attributes.u32());
            }
        }
        processors.add(new CpuStatistics(cpu, counts));
    }

    private void entries(ByteBuf in, int body, int end) {
        attributes.over(in, body + Nlmsg.NFGENMSG_OCTETS, end);
        while (attributes.next()) {
            if (attributes.length() == Integer.BYTES) {
                entries = attributes.type() == GLOBAL_ENTRIES ? attributes.u32() : entries;
                maximum = attributes.type() == GLOBAL_MAX_ENTRIES ? attributes.u32() : maximum;
            }
        }
    }

    /** Whether the last answer has been read. */
    public boolean isDone() {
        return done;
    }

    /** The kernel's error number, 0 for none. */
    public int errno() {
        return errno;
    }

    /** What the processors counted, in the kernel's order. */
    public List<CpuStatistics> processors() {
        return List.copyOf(processors);
    }

    /** Flows in the table, -1 if not told. */
    public long entries() {
        return entries;
    }

    /** Flows there may be (nf_conntrack_max), -1 if this kernel does not tell. */
    public long maximum() {
        return maximum;
    }

    /** Answers that could not be read. */
    public long malformedCount() {
        return malformed;
    }
}
