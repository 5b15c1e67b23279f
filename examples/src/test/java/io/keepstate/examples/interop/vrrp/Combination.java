// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop.vrrp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One way for two routers to speak VRRP, as keepalived.conf has it.
 *
 * @param version the protocol's
 * @param family of the virtual addresses
 * @param transport how advertisements are addressed
 * @param authentication how they are authenticated
 * @param mac the address that owns the virtual addresses
 */
record Combination(Version version, Family family, Transport transport, Authentication authentication, Mac mac) {

    enum Version {
        V2,
        V3
    }

    enum Family {
        IPV4,
        IPV6
    }

    enum Transport {
        MULTICAST,
        UNICAST
    }

    enum Authentication {
        NONE,
        PASS,
        AH
    }

    enum Mac {
        REAL,
        VIRTUAL
    }

    /** Whether keepalived takes it: authentication is of version 2 over IPv4. */
    boolean valid() {
        return authentication == Authentication.NONE || version == Version.V2 && family == Family.IPV4;
    }

    /** Every valid combination. */
    static List<Combination> all() {
        List<Combination> all = new ArrayList<>();
        for (Version version : Version.values()) {
            for (Family family : Family.values()) {
                for (Transport transport : Transport.values()) {
                    for (Authentication authentication : Authentication.values()) {
                        for (Mac mac : Mac.values()) {
                            all.add(new Combination(version, family, transport, authentication, mac));
                        }
                    }
                }
            }
        }
        return all.stream().filter(Combination::valid).toList();
    }

    /** A few of them, in which every two values that go together at all do so at least once. */
    static List<Combination> pairwise() {
        Set<Set<Enum<?>>> open = new HashSet<>();
        all().forEach(each -> open.addAll(each.pairs()));
        List<Combination> chosen = new ArrayList<>();
        while (!open.isEmpty()) {
            Combination best = all().get(0);
            for (Combination each : all()) {
                if (each.covers(open) > best.covers(open)) {
                    best = each;
                }
            }
            open.removeAll(best.pairs());
            chosen.add(best);
        }
        return chosen;
    }

    private long covers(Set<Set<Enum<?>>> open) {
        return pairs().stream().filter(open::contains).count();
    }

    /** Every two of its values. */
    Set<Set<Enum<?>>> pairs() {
        List<Enum<?>> values = List.of(version, family, transport, authentication, mac);
        Set<Set<Enum<?>>> pairs = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < i; j++) {
                pairs.add(Set.of(values.get(i), values.get(j)));
            }
        }
        return pairs;
    }

    /** Seconds for version 2, a tenth of one for version 3. */
    Duration interval() {
        return version == Version.V2 ? Duration.ofSeconds(1) : Duration.ofMillis(100);
    }

    /** What a backup waits after priority 0: of a second in version 2, of the interval in version 3. */
    Duration skew(int priority) {
        return interval().multipliedBy(256 - priority).dividedBy(256);
    }

    /** What a backup waits after the last advertisement. */
    Duration down(int priority) {
        return interval().multipliedBy(3).plus(skew(priority));
    }

    /** The address by which to see who is active. */
    String address() {
        return family == Family.IPV4 ? "10.9.0.100" : "2001:db8:9::100";
    }

    /** The body of the instance, the same for both programs but for the host's own address and its peer's. */
    String configuration(String own, String peer) {
        List<String> lines = new ArrayList<>();
        lines.add("version " + (version == Version.V2 ? "2" : "3"));
        lines.add("advert_int " + (version == Version.V2 ? "1" : "0.1"));
        switch (authentication) {
            case PASS -> lines.add("authentication {\n auth_type PASS\n auth_pass zzzz\n}");
            case AH -> lines.add("authentication {\n auth_type AH\n auth_pass zzzz\n}");
            case NONE -> {
                // nothing to say
            }
        }
        if (transport == Transport.UNICAST) {
            lines.add("unicast_src_ip " + own + "\nunicast_peer {\n " + peer + "\n}");
        }
        if (mac == Mac.VIRTUAL) {
            lines.add("use_vmac");
            if (transport == Transport.UNICAST) {
                lines.add("vmac_xmit_base");
            }
        }
        lines.add(
                family == Family.IPV4
                        ? "virtual_ipaddress {\n 10.9.0.100/24\n}"
                        : "virtual_ipaddress {\n fe80::5e:61/64\n 2001:db8:9::100/64\n}");
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return (version + " " + family + " " + transport + " " + authentication + " " + mac + " MAC")
                .replace("IPV", "IPv")
                .replace("V2 ", "v2 ")
                .replace("V3 ", "v3 ")
                .replace("MULTICAST", "multicast")
                .replace("UNICAST", "unicast")
                .replace("NONE ", "")
                .replace("REAL", "real")
                .replace("VIRTUAL", "virtual");
    }
}
