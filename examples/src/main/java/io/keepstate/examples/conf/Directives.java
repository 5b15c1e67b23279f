// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The directives one kind of block knows, each with what reads it. */
public final class Directives {
    /** Reads the values of a directive whose name was just taken. */
    @FunctionalInterface
    public interface Handler {
        /** Reads what follows the name. */
        void read(Token name);
    }

    private final Map<String, Handler> handlers = new LinkedHashMap<>();

    /** Adds a directive under its name and further spellings. */
    public Directives on(String name, Handler handler, String... aliases) {
        handlers.put(name, handler);
        for (String alias : aliases) {
            handlers.put(alias, handler);
        }
        return this;
    }

    /** What reads the directive of that name, or null if it is not known here. */
    public @Nullable Handler handler(String name) {
        return handlers.get(name);
    }

    /** The names known here. */
    public Set<String> names() {
        return handlers.keySet();
    }
}
