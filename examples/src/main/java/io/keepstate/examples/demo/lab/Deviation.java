// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a lab may differ from the reference setup: in a few words of its conntrackd.conf and of its rules. Pure. */
public enum Deviation {
    /** The peer's flows go straight into the kernel; {@code CommitTimeout} stays where it is. */
    WITHOUT_EXTERNAL_CACHE("no-external-cache"),

    /** There is no dedicated link: synchronisation goes over the LAN. */
    SYNC_OVER_LAN("lan-sync");

    private final String word;

    Deviation(String word) {
        this.word = word;
    }

    /**
     * The one of this name on a command line.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Deviation of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--deviations " + word + ": give "
                        + Arrays.stream(values()).map(Deviation::toString).collect(Collectors.joining(" or "))));
    }

    /** A file of the reference setup, changed where it concerns this deviation. */
    public String apply(String file, String text) {
        if (file.startsWith("conntrackd-")) {
            return this == SYNC_OVER_LAN
                    ? overLan(text)
                    : text.replace("DisableExternalCache Off", "DisableExternalCache On");
        }
        return this == SYNC_OVER_LAN && file.equals("firewall.nft") ? rulesOverLan(text) : text;
    }

    private static String overLan(String conf) {
        return conf.replaceFirst("(?<=IPv4_address )10\\.0\\.0\\.(?=\\d\\s)", "172.16.0.10")
                .replaceFirst("(?<=IPv4_Destination_Address )10\\.0\\.0\\.", "172.16.0.10")
                .replace("Interface eth2", "Interface eth1");
    }

    private static String rulesOverLan(String rules) {
        return rules.replace("ifname \"eth2\" notrack", "ifname \"eth1\" udp dport 3780 notrack")
                .replace(
                        "iifname \"eth2\" accept",
                        "iifname \"eth1\" ip saddr { 172.16.0.101, 172.16.0.102 } udp dport 3780 accept");
    }

    /** Its name on a command line. */
    @Override
    public String toString() {
        return word;
    }
}
