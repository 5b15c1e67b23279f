// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.ProtocolName;
import io.keepstate.flow.ProtocolState;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One flow as the arguments of conntrack(8) that make it again, {@code conntrack -L -o save}; {@code conntrack -R} reads
 * such lines. Id, use count, counters, helper, labels and window data are not in it.
 */
public final class SaveLine {
    /** In conntrack's order. */
    private static final int[] STATUS_BITS = {
        Status.SEEN_REPLY, Status.ASSURED, Status.FIXED_TIMEOUT, Status.EXPECTED, Status.OFFLOAD, Status.HW_OFFLOAD
    };

    private static final String[] STATUS_NAMES = {
        "SEEN_REPLY", "ASSURED", "FIXED_TIMEOUT", "EXPECTED", "OFFLOAD", "HW_OFFLOAD"
    };

    private SaveLine() {}

    /** Appends the line, without a line end; {@code command} is {@code -A}, {@code -U} or {@code -D}. */
    public static void append(StringBuilder out, Flow flow, String command) {
        out.append(command);
        number(out, " -t ", flow, Attribute.TIMEOUT);
        if (flow.has(Attribute.STATUS)) {
            status(out, flow.status());
        }
        if (flow.mark() != 0) {
            out.append(" -m ").append(flow.mark() & 0xffff_ffffL);
        }
        number(out, " -w ", flow, Attribute.ZONE);
        number(out, " --orig-zone ", flow, Attribute.ZONE_ORIGINAL);
        number(out, " --reply-zone ", flow, Attribute.ZONE_REPLY);
        addresses(out, flow);
        protocol(out, flow);
    }

    private static void status(StringBuilder out, int status) {
        out.append(" -u ");
        int start = out.length();
        for (int index = 0; index < STATUS_BITS.length; index++) {
            if ((status & STATUS_BITS[index]) != 0) {
                out.append(out.length() > start ? "," : "").append(STATUS_NAMES[index]);
            }
        }
        if (out.length() == start) {
            out.append("UNSET");
        }
    }

    /** A translated end is named by what it is translated to. */
    private static void addresses(StringBuilder out, Flow flow) {
        Tuple original = flow.original();
        out.append(" -s ").append(original.source()).append(" -d ").append(original.destination());
        Tuple reply = flow.reply();
        if (reply != null) {
            end(out, reply.source(), original.destination(), flow.status() & Status.DST_NAT, "-g", "-r");
            end(out, reply.destination(), original.source(), flow.status() & Status.SRC_NAT, "-n", "-q");
        }
    }

    private static void end(
            StringBuilder out, IpAddress address, IpAddress plain, int translated, String nat, String option) {
        boolean named = translated != 0 && !address.equals(plain);
        out.append(' ').append(named ? nat : option).append(' ').append(address);
    }

    private static void protocol(StringBuilder out, Flow flow) {
        Tuple original = flow.original();
        int number = original.protocol();
        String name = ProtocolName.of(number);
        out.append(" -p ").append(name.equals("unknown") ? Integer.toString(number) : name);
        identifiers(out, original, flow.reply());
        String state = ProtocolState.name(flow);
        if (state != null) {
            out.append(" --state ").append(state);
        }
        verificationTag(out, " --orig-vtag ", flow, Attribute.SCTP_VTAG_ORIGINAL);
        verificationTag(out, " --reply-vtag ", flow, Attribute.SCTP_VTAG_REPLY);
        if (flow.has(Attribute.DCCP_ROLE)) {
            out.append(flow.get(Attribute.DCCP_ROLE) == 0 ? " --role client" : " --role server");
        }
    }

    private static void identifiers(StringBuilder out, Tuple original, @Nullable Tuple reply) {
        int number = original.protocol();
        if (Protocol.hasPorts(number)) {
            pair(out, original, " --sport ", " --dport ");
            if (reply != null) {
                pair(out, reply, " --reply-port-src ", " --reply-port-dst ");
            }
        } else if (Protocol.isIcmp(number)) {
            String option = number == Protocol.ICMP ? " --icmp-" : " --icmpv6-";
            out.append(option).append("type ").append(original.icmpType());
            out.append(option).append("code ").append(original.icmpCode());
            out.append(option).append("id ").append(original.icmpId());
        } else if (number == Protocol.GRE) {
            pair(out, original, " --srckey ", " --dstkey ");
            if (reply != null) {
                pair(out, reply, " --reply-key-src ", " --reply-key-dst ");
            }
        }
    }

    private static void pair(StringBuilder out, Tuple tuple, String source, String destination) {
        // A protocol without a module in the kernel is dumped without its ports.
        if (tuple.protocol() == Protocol.DCCP && tuple.sourceId() == 0 && tuple.destinationId() == 0) {
            return;
        }
        out.append(source).append(tuple.sourceId()).append(destination).append(tuple.destinationId());
    }

    /**
     * The number that stands for a verification tag in a command line, and the tag for such a number: conntrack takes the
     * kernel's four octets in network order for a number of the machine's own order, both ways.
     */
    public static long verificationTag(long value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                ? value
                : Integer.toUnsignedLong(Integer.reverseBytes((int) value));
    }

    private static void verificationTag(StringBuilder out, String option, Flow flow, Attribute attribute) {
        if (flow.has(attribute)) {
            out.append(option).append(verificationTag(flow.get(attribute)));
        }
    }

    private static void number(StringBuilder out, String option, Flow flow, Attribute attribute) {
        if (flow.has(attribute)) {
            out.append(option).append(Long.toUnsignedString(flow.get(attribute)));
        }
    }
}
