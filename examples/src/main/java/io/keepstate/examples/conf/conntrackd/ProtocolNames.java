// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of layer 4 protocols as /etc/protocols has them, in its spelling; the file is not read. */
final class ProtocolNames {
    /** Of IANA's registry of protocol numbers: the number, its name, its alias. */
    private static final String TABLE = "0 ip IP,0 hopopt HOPOPT,1 icmp ICMP,2 igmp IGMP,4 ipencap IP-ENCAP,6 tcp TCP,"
            + "8 egp EGP,9 igp IGP,17 udp UDP,33 dccp DCCP,41 ipv6 IPv6,43 ipv6-route IPv6-Route,44 ipv6-frag IPv6-Frag,"
            + "46 rsvp RSVP,47 gre GRE,50 esp IPSEC-ESP,51 ah IPSEC-AH,58 ipv6-icmp IPv6-ICMP,59 ipv6-nonxt IPv6-NoNxt,"
            + "60 ipv6-opts IPv6-Opts,88 eigrp EIGRP,89 ospf OSPFIGP,94 ipip IPIP,97 etherip ETHERIP,98 encap ENCAP,"
            + "103 pim PIM,108 ipcomp IPCOMP,112 vrrp VRRP,115 l2tp L2TP,124 isis ISIS,132 sctp SCTP,"
            + "135 mobility-header Mobility-Header,136 udplite UDPLite,137 mpls-in-ip MPLS-in-IP,139 hip HIP,"
            + "140 shim6 Shim6,143 ethernet Ethernet";

    private static final Map<String, Integer> EXACT = new HashMap<>();
    private static final Map<String, Integer> MEANT = new HashMap<>();

    static {
        for (String line : TABLE.split(",", -1)) {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                EXACT.put(words[i], Integer.valueOf(words[0]));
                MEANT.put(words[i].toLowerCase(Locale.ROOT), Integer.valueOf(words[0]));
            }
        }
        MEANT.put("icmpv6", 58);
    }

    private ProtocolNames() {}

    /** The number of a name as /etc/protocols spells it, or null. */
    static @Nullable Integer number(String name) {
        return EXACT.get(name);
    }

    /** The number of a name in any case of letters, or null. */
    static @Nullable Integer meant(String name) {
        return MEANT.get(name.toLowerCase(Locale.ROOT));
    }
}
