// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;

/** A host under test and a peer, joined by their eth0; the peer is 10.9.0.2. */
record Cable(LabNamespace host, LabNamespace peer) {

    static Cable lay(Lab lab) {
        Requires.program("ip");
        LabNamespace host = lab.namespace("host");
        LabNamespace peer = lab.namespace("peer");
        lab.veth(host, "eth0", peer, "eth0");
        host.up("eth0");
        peer.address("eth0", "10.9.0.2/24");
        return new Cable(host, peer);
    }
}
