// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.vrrp.AddressOptions;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRule;
import io.keepstate.vrrp.codec.AddressFamily;
import java.util.List;

/** What a router holds while it is active, in keepalived's words. */
final class HoldingText {
    private HoldingText() {}

    static List<String> addresses(VirtualRouterConfig config, List<VirtualAddress> addresses, boolean held) {
        return addresses.stream().map(address -> address(config, address, held)).toList();
    }

    static String route(VirtualRoute route) {
        return route.toString();
    }

    static String rule(VirtualRule rule) {
        return rule.toString();
    }

    private static String address(VirtualRouterConfig config, VirtualAddress address, boolean held) {
        AddressOptions options = address.options();
        AddressFamily family = address.address().family();
        StringBuilder text = new StringBuilder(address.address().toString());
        if (address.prefixLength() != family.bits()) {
            text.append('/').append(address.prefixLength());
        }
        options.broadcast().ifPresent(to -> text.append(" brd ").append(to));
        options.peer().ifPresent(to -> text.append(" peer ").append(to));
        String vmac = config.virtualMac().map(VirtualMac::interfaceName).orElse("");
        boolean onVmac = !vmac.isEmpty() && address.interfaceName().equals(config.interfaceName());
        text.append(" dev ").append(onVmac ? vmac + "@" : "").append(address.interfaceName());
        text.append(" scope ").append(scope(options.scope()));
        options.label().ifPresent(label -> text.append(" label ").append(label));
        if (family == AddressFamily.IPV6) {
            text.append(" preferred_lft ");
            if (options.preferredSeconds().isPresent()) {
                text.append(options.preferredSeconds().getAsLong());
            } else {
                text.append(address.prefixLength() == family.bits() ? "0" : "forever");
            }
        }
        return text.append(held ? " set" : "").toString();
    }

    private static String scope(int number) {
        return switch (number) {
            case 0 -> "global";
            case 200 -> "site";
            case 253 -> "link";
            case 254 -> "host";
            default -> Integer.toString(number);
        };
    }
}
