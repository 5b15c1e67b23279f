// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The words conntrackd.conf keeps for itself: none of them can be the name of an interface or a helper. Found by giving
 * each to the installed conntrackd 1.4.7 as the name of an interface.
 */
final class Keywords {
    private static final Set<String> RESERVED =
            new TreeSet<>(List.of("""
            ACKWindowSize Accept Address Backlog CLOSE CLOSED CLOSE_WAIT CacheTimeout Checksum CommitTimeout Default
            DisableExternalCache DisableInternalCache ESTABLISHED ErrorQueueLength EventIterationLimit ExpectMax
            ExpectTimeout ExpectationSync FIN_WAIT Filter From General Group HashLimit HashSize Helper
            IPv4_Destination_Address IPv4_address IPv4_interface IPv6_Destination_Address IPv6_address
            IPv6_interface Ignore Interface Kernelspace LAST_ACK LISTEN LockFile LogFile Mode Multicast
            NetlinkBufferSize NetlinkBufferSizeMaxGrowth NetlinkEventsReliable NetlinkOverrunResync Nice Options
            PERSISTENT Path Policy PollSecs Port Priority Protocol PurgeTimeout QueueLen QueueNum RcvSocketBuffer
            RefreshTime ResendQueueSize SYN_RECV SYN_SENT Scheduler Setup SndSocketBuffer SocketBufferSize
            SocketBufferSizeMaxGrown SocketBufferSizeMaxGrowth StartupResync State Stats Sync Syslog Systemd TCP
            TCPWindowTracking TIME_WAIT Type UDP UNIX Userspace for
            """.strip().split("\\s+", -1)));

    /** These in any case of letters. */
    private static final Set<String> MODES = Set.of("ftfw", "notrack", "alarm", "nack");

    private static final Set<String> SWITCHES = Set.of("on", "off", "yes", "no");

    /** Directives of conntrackd up to 1.4.4, with what an operator does about them. */
    private static final Map<String, String> REMOVED = Map.ofEntries(
            Map.entry("CacheWriteThrough", "use `DisableExternalCache on' in the Mode block"),
            Map.entry("DelayDestroyMessages", "remove it"),
            Map.entry("DestroyTimeout", "remove it"),
            Map.entry("Family", "remove it, both families are always followed"),
            Map.entry("IgnoreProtocol", "use `Filter { Protocol Ignore { ... } }' in General"),
            Map.entry("IgnoreTrafficFor", "use `Filter { Address Ignore { ... } }' in General"),
            Map.entry("ListenTo", "remove it"),
            Map.entry("LogFileBufferSize", "remove it"),
            Map.entry("McastRcvSocketBuffer", "use `RcvSocketBuffer' in the Multicast block"),
            Map.entry("McastSndSocketBuffer", "use `SndSocketBuffer' in the Multicast block"),
            Map.entry("RelaxTransitions", "remove it"),
            Map.entry("Replicate", "use `Filter { State Accept { ... for TCP } }' in General"),
            Map.entry("ResendBufferSize", "use `ResendQueueSize', which counts messages"),
            Map.entry("StripNAT", "remove it"));

    private Keywords() {}

    static boolean isReserved(String word) {
        return RESERVED.contains(word) || MODES.contains(word.toLowerCase(Locale.ROOT));
    }

    static boolean isSwitch(String word) {
        return SWITCHES.contains(word.toLowerCase(Locale.ROOT));
    }

    /** Why a word may stand where no directive of that name is known, if there is a reason worth telling. */
    static Optional<String> hint(String word) {
        String removed = REMOVED.get(word);
        if (removed != null) {
            return Optional.of("conntrackd knows it no more since 1.4.5: " + removed);
        }
        if (RESERVED.contains(word)) {
            return Optional.of("it belongs into another block: move it there or remove it");
        }
        return RESERVED.stream()
                .filter(word::equalsIgnoreCase)
                .findFirst()
                .map(known -> "the case of letters counts: write `" + known + "'");
    }

    /** All reserved words but the names of the modes. */
    static Set<String> all() {
        return RESERVED;
    }

    static Set<String> removed() {
        return REMOVED.keySet();
    }
}
