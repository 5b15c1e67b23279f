// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBuf;

/** Gratuitous ARP: sender and target are the same address (RFC 5227 section 3, RFC 9568 section 8.1.2). */
final class ArpDissector {
    private static final int LENGTH = 28;
    private static final int HARDWARE_ETHERNET = 1;
    private static final int PROTOCOL_IPV4 = 0x0800;
    private static final int MAC = 6;
    private static final int ADDRESS = 4;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    private ArpDissector() {}

    /** Describes the frame; false if it announces nothing: an ordinary question or answer. */
    static boolean describe(DumpLine line, LinkFrame frame) {
        ByteBuf arp = frame.payload();
        line.from(frame.source()).to(frame.destination());
        int length = arp.readableBytes();
        if (length >= 8) {
            line.put("hardware_type", arp.getUnsignedShort(0));
            line.put("protocol_type", arp.getUnsignedShort(2));
            line.put("hardware_length", arp.getUnsignedByte(4));
            line.put("protocol_length", arp.getUnsignedByte(5));
            operation(line, arp.getUnsignedShort(6));
            if (arp.getUnsignedShort(0) != HARDWARE_ETHERNET || arp.getUnsignedShort(2) != PROTOCOL_IPV4) {
                return false;
            }
            if (arp.getUnsignedByte(4) != MAC || arp.getUnsignedByte(5) != ADDRESS) {
                line.malformed(
                        "bad_lengths",
                        "Ethernet and IPv4 addresses have 6 and 4 octets, not " + arp.getUnsignedByte(4) + " and "
                                + arp.getUnsignedByte(5));
                return true;
            }
        }
        if (length < LENGTH) {
            line.malformed("truncated", length + " octets: ARP for IPv4 has " + LENGTH);
            partial(line, arp);
            return true;
        }
        partial(line, arp);
        if (arp.getInt(14) != arp.getInt(24)) {
            return false;
        }
        int operation = arp.getUnsignedShort(6);
        if (operation != REQUEST && operation != REPLY) {
            line.malformed("bad_operation", "operation " + operation + ": an announcement is a request or a reply");
        }
        return true;
    }

    private static void operation(DumpLine line, int operation) {
        line.put("operation", operation);
        if (operation == REQUEST || operation == REPLY) {
            line.put("operation_name", operation == REQUEST ? "request" : "reply");
        }
    }

    private static void partial(DumpLine line, ByteBuf arp) {
        mac(line, "sender_mac", arp, 8);
        address(line, "sender_ip", arp, 14);
        mac(line, "target_mac", arp, 18);
        address(line, "target_ip", arp, 24);
    }

    private static void mac(DumpLine line, String name, ByteBuf arp, int at) {
        if (arp.readableBytes() >= at + MAC) {
            line.put(name, LinkFrame.mac(arp, at));
        }
    }

    private static void address(DumpLine line, String name, ByteBuf arp, int at) {
        if (arp.readableBytes() >= at + ADDRESS) {
            line.put(name, IpAddress.get(AddressFamily.IPV4, arp, at).toString());
        }
    }
}
