// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.util.List;

/**
 * How many datagrams a machine has forwarded, from its /proc/net/snmp and /proc/net/snmp6.
 *
 * @param ipv4 {@code Ip: ForwDatagrams}
 * @param ipv6 {@code Ip6OutForwDatagrams}
 */
public record ForwardCounters(long ipv4, long ipv6) {
    /** None; also those of a machine that is off. */
    public static final ForwardCounters ZERO = new ForwardCounters(0, 0);

    /** Reads the two files' lines. */
    static ForwardCounters parse(List<String> snmp, List<String> snmp6) {
        List<String> ip = snmp.stream().filter(line -> line.startsWith("Ip: ")).toList();
        int column = List.of(ip.get(0).split(" ", -1)).indexOf("ForwDatagrams");
        long v4 = Long.parseLong(ip.get(1).split(" ", -1)[column]);
        String line6 = snmp6.stream()
                .filter(line -> line.startsWith("Ip6OutForwDatagrams"))
                .findFirst()
                .orElseThrow();
        return new ForwardCounters(v4, Long.parseLong(line6.split("\\s+", -1)[1]));
    }

    /** What was forwarded since {@code before}. */
    public ForwardCounters since(ForwardCounters before) {
        return new ForwardCounters(ipv4 - before.ipv4, ipv6 - before.ipv6);
    }
}
