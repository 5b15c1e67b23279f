// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is printed of one message: fields by name, in the order in which they were read. Values are strings, whole numbers,
 * {@link BigDecimal}, booleans, lists and maps of these. The schema is docs/dump.md.
 */
final class DumpLine {
    private static final int MICROS_SCALE = 6;

    private final Protocol protocol;
    private final long epochMicros;
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private @Nullable String source;
    private @Nullable String destination;
    private @Nullable String malformed;
    private @Nullable String complaint;

    /** What is decoded; the name in lower case is the field {@code protocol}. */
    enum Protocol {
        VRRP,
        FTFW,
        ARP,
        ND;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    DumpLine(Protocol protocol, long epochMicros) {
        this.protocol = protocol;
        this.epochMicros = epochMicros;
    }

    DumpLine from(@Nullable String value) {
        source = value;
        return this;
    }

    DumpLine to(@Nullable String value) {
        destination = value;
        return this;
    }

    /** Adds a field; one without a value is left out. */
    DumpLine put(String name, @Nullable Object value) {
        if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
            fields.put(name, value);
        }
        return this;
    }

    /** Adds a list that is shown also when it is empty. */
    DumpLine putList(String name, List<?> values) {
        fields.put(name, values);
        return this;
    }

    /** Says what is wrong; the first reason stays. */
    void malformed(String reason, String text) {
        if (malformed == null) {
            malformed = reason;
            complaint = text;
        }
    }

    boolean isMalformed() {
        return malformed != null;
    }

    String protocolText() {
        return protocol.text();
    }

    long epochMicros() {
        return epochMicros;
    }

    @Nullable
    String source() {
        return source;
    }

    @Nullable
    String destination() {
        return destination;
    }

    @Nullable
    String malformed() {
        return malformed;
    }

    @Nullable
    String complaint() {
        return complaint;
    }

    Map<String, Object> fields() {
        return fields;
    }

    /** Everything, in the order of the schema: the five fields that all lines have first. */
    Map<String, @Nullable Object> all() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("protocol", protocol.text());
        all.put("time", BigDecimal.valueOf(epochMicros, MICROS_SCALE));
        all.put("src", source);
        all.put("dst", destination);
        if (malformed != null) {
            all.put("malformed", malformed);
            all.put("malformed_text", complaint);
        }
        all.putAll(fields);
        return all;
    }
}
