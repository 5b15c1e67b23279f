// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import io.keepstate.flow.IpAddress;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Handlers for the directives that have one value, which is nearly all of conntrackd's. */
final class Scalars {
    private final BlockReader in;
    private final Values values;

    Scalars(BlockReader in, Values values) {
        this.in = in;
        this.values = values;
    }

    Directives.Handler number(int min, int max, IntConsumer setter) {
        return name -> {
            Token value = in.value(name, "NUMBER");
            if (value != null) {
                values.integer(name, value, min, max).ifPresent(setter);
            }
        };
    }

    Directives.Handler onOff(Consumer<Boolean> setter) {
        return name -> {
            Token value = in.value(name, "on|off");
            if (value != null) {
                values.onOff(name, value).ifPresent(setter);
            }
        };
    }

    Directives.Handler address(boolean ipv6, Consumer<IpAddress> setter) {
        return name -> {
            Token value = in.value(name, ipv6 ? "2001:db8::1" : "192.0.2.1");
            if (value != null) {
                values.address(name, value, ipv6).ifPresent(setter);
            }
        };
    }

    Directives.Handler interfaceName(Consumer<String> setter) {
        return name -> {
            Token value = in.value(name, "eth2");
            if (value != null) {
                values.interfaceName(name, value).ifPresent(setter);
            }
        };
    }
}
