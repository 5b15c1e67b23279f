// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** What {@code -h} prints. */
final class ConntrackHelp {
    private static final String TEXT = """
            conntrack by Keepstate, as conntrack VERSION: show and change the kernel's connection tracking table
            Usage: conntrack COMMAND [TABLE] [OPTIONS]

            Commands:
              -L, --dump [TABLE]       list entries               -G, --get [TABLE]     show one entry
              -I, --create [TABLE]     create an entry            -A, --add             create it unless it is there
              -U, --update             change entries             -D, --delete [TABLE]  delete entries
              -E, --event [TABLE]      show events                -F, --flush [TABLE]   delete all entries
              -C, --count [TABLE]      show how many there are    -S, --stats           show statistics
              -R, --load-file FILE     carry out the commands in a file (- for standard input)
              -V, --version            -h, --help [-p PROTOCOL]

            Tables: conntrack (taken if none is given), expect, dying, unconfirmed

            Addresses and protocol:
              -s, --src IP[/N]         -d, --dst IP[/N]           original direction
              -r, --reply-src IP       -q, --reply-dst IP         reply direction
              --mask-src IP            --mask-dst IP              masks for -s and -d
              -n, --src-nat [IP[:PORT]]  -g, --dst-nat [IP[:PORT]]  -j, --any-nat [IP[:PORT]]
              -p, --protonum PROTOCOL  -f, --family ipv4|ipv6

            What an entry has:
              -t, --timeout SECONDS    -u, --status ASSURED,SEEN_REPLY,FIXED_TIMEOUT,...
              -m, --mark MARK[/MASK]   -c, --secmark MARK
              -w, --zone ZONE          --orig-zone ZONE           --reply-zone ZONE
              -l, --label NAMES        --label-add NAMES          --label-del [NAMES]

            Output:
              -o, --output xml,extended,timestamp,id,ktimestamp,labels,userspace,save,json
              -e, --event-mask ALL,NEW,UPDATES,DESTROY            -b, --buffer-size OCTETS
              -z, --zero               set counters to zero while listing

            Expectations: --tuple-src IP[/N]  --tuple-dst IP[/N]
            """;

    private ConntrackHelp() {}

    static void print(PrintStream out, String version, @Nullable ProtocolOptions protocol) {
        out.print(TEXT.replace("VERSION", version));
        if (protocol != null && !protocol.options().isEmpty()) {
            out.print("\nOptions of this protocol:\n");
            protocol.options()
                    .forEach(option -> out.print("  --" + option.names().get(0) + "\n"));
        }
    }
}
