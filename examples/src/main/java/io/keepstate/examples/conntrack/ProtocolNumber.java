// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The number of a protocol by its name: conntrack's own names first, then those of /etc/protocols. */
final class ProtocolNumber {
    private static final Path PROTOCOLS = Path.of("/etc/protocols");

    private ProtocolNumber() {}

    /** 0..255, or -1 for what is no protocol. */
    static int of(String name) {
        int number = switch (name.toLowerCase(Locale.ROOT)) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            case "udplite" -> Protocol.UDPLITE;
            case "sctp" -> Protocol.SCTP;
            case "dccp" -> Protocol.DCCP;
            case "icmp" -> Protocol.ICMP;
            case "icmpv6" -> Protocol.ICMPV6;
            case "gre" -> Protocol.GRE;
            default -> -1;
        };
        if (number < 0 && !name.isEmpty() && CNumber.length(name) == name.length()) {
            long typed = CNumber.any(name);
            return typed <= 255 ? (int) typed : -1;
        }
        return number >= 0 ? number : fromFile(name);
    }

    private static int fromFile(String name) {
        try {
            for (String line : Files.readAllLines(PROTOCOLS, StandardCharsets.UTF_8)) {
                String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
                for (int i = 0; i < words.length; i++) {
                    if (i != 1 && words.length > 1 && words[i].equals(name)) {
                        return (int) CNumber.decimal(words[1]);
                    }
                }
            }
        } catch (IOException absent) {
            // a machine without the file has numbers only
        }
        return -1;
    }
}
