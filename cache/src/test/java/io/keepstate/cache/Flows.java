// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;

/** Flows for the tests of this package: the number makes the key. */
final class Flows {
    static final int ASSURED = Status.CONFIRMED | Status.SEEN_REPLY | Status.ASSURED;

    private Flows() {}

    static Tuple tuple(int number) {
        return Tuple.ipv4(0x0a000000 + (number >>> 15), 0xc6336401, Protocol.TCP, 1024 + (number & 0x7fff), 80);
    }

    static FlowBuilder tcp(int number) {
        return Flow.builder(tuple(number))
                .reply(tuple(number).inverted())
                .status(ASSURED)
                .set(Attribute.TCP_STATE, TcpState.ESTABLISHED);
    }

    static FlowBuilder udp(int number) {
        return Flow.builder(Tuple.ipv4(0x0a000001, 0xc6336401, Protocol.UDP, number, 53));
    }
}
