// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/**
 * What a SYN proxy needs to go on translating a connection (struct nf_conn_synproxy).
 *
 * @param initialSequence isn, the proxy's initial sequence number
 * @param initialTimestamp its, the proxy's initial timestamp
 * @param timestampOffset tsoff, between the proxy's and the server's timestamps
 */
public record SynProxy(int initialSequence, int initialTimestamp, int timestampOffset) {
    /** Whether there is nothing in it: a flow made through ctnetlink has such data without any SYN proxy. */
    public boolean isZero() {
        return (initialSequence | initialTimestamp | timestampOffset) == 0;
    }
}
