// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.conntrack.EventType;
import io.keepstate.conntrack.codec.DumpSource;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A command line that has been read: what to do, and everything it says of flows. Filled by the parser. */
final class Arguments {
    /** A translation that is asked for or looked for; the address may be missing, the port 0. */
    record Nat(@Nullable IpAddress address, int port) {}

    @Nullable
    Verb verb;

    DumpSource source = DumpSource.TABLE;
    final Set<Option> given = EnumSet.noneOf(Option.class);
    final Set<OutputPart> output = EnumSet.noneOf(OutputPart.class);
    final Set<EventType> events = EnumSet.noneOf(EventType.class);
    final TupleArguments original = new TupleArguments();
    final TupleArguments reply = new TupleArguments();
    /** Of an expectation. */
    final TupleArguments expected = new TupleArguments();

    final TupleArguments mask = new TupleArguments();

    @Nullable
    Family family;

    @Nullable
    ProtocolOptions protocolOptions;

    int protocol = -1;
    /** Timeout, zones, security mark, id and the state of a protocol, as far as given. */
    final Map<Attribute, Long> attributes = new EnumMap<>(Attribute.class);

    int status;
    int mark;
    int markMask = -1;
    long securityMark;
    int bufferSize;
    Nat sourceNat = new Nat(null, 0);
    Nat destinationNat = new Nat(null, 0);
    Nat anyNat = new Nat(null, 0);

    @Nullable
    LabelMap labelMap;

    int @Nullable [] labels;
    int @Nullable [] labelsToAdd;
    int @Nullable [] labelsToDelete;

    Verb verb() {
        return verb == null ? Verb.NONE : verb;
    }

    boolean has(Option option) {
        return given.contains(option);
    }
}
