// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of an expectation, under the names conntrack has for them; what a message does not carry is left out. */
final class ExpectationFields {
    private ExpectationFields() {}

    static Map<String, Object> of(Expectation expectation) {
        boolean ports = hasPortsOrKeys(expectation.expected());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("master", tuple(expectation.master(), hasPortsOrKeys(expectation.master())));
        fields.put("expected", tuple(expectation.expected(), ports));
        fields.put("mask", tuple(expectation.mask(), ports));
        ExpectationNat nat = expectation.nat();
        if (nat != null) {
            Map<String, Object> translation = tuple(nat.tuple(), hasPortsOrKeys(nat.tuple()));
            translation.put("dir", nat.direction());
            fields.put("nat", translation);
        }
        number(fields, "timeout", expectation, ExpectationAttribute.TIMEOUT);
        number(fields, "flags", expectation, ExpectationAttribute.FLAGS);
        number(fields, "class", expectation, ExpectationAttribute.CLASS);
        if (expectation.helper() != null) {
            fields.put("helper", expectation.helper());
        }
        if (expectation.function() != null) {
            fields.put("fn", expectation.function());
        }
        return fields;
    }

    private static boolean hasPortsOrKeys(Tuple tuple) {
        return Protocol.hasPorts(tuple.protocol()) || tuple.protocol() == Protocol.GRE;
    }

    private static Map<String, Object> tuple(Tuple tuple, boolean ports) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("src", tuple.source().toString());
        fields.put("dst", tuple.destination().toString());
        fields.put("l4proto", tuple.protocol());
        if (ports) {
            fields.put("sport", tuple.sourceId());
            fields.put("dport", tuple.destinationId());
        }
        return fields;
    }

    private static void number(
            Map<String, Object> fields, String name, Expectation expectation, ExpectationAttribute attribute) {
        if (expectation.has(attribute)) {
            fields.put(name, expectation.get(attribute));
        }
    }
}
