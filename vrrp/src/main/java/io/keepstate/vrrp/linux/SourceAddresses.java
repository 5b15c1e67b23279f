// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The source addresses of many virtual routers at one moment. Most routers of an interface have the same one, and to find it
 * takes a dump of all addresses: it is looked for once. Used up when the addresses may have changed.
 */
public final class SourceAddresses {
    private final Rtnetlink rtnetlink;
    private final Collection<VirtualAddress> virtualAddresses;
    private final Map<Question, Optional<IpAddress>> found = new HashMap<>();

    /** What the answer depends on. */
    private record Question(
            String interfaceName, AddressFamily family, Optional<IpAddress> configured, Transport transport) {}

    /**
     * The sources as of now.
     *
     * @param virtualAddresses all virtual addresses of this host
     */
    public SourceAddresses(Rtnetlink rtnetlink, Collection<VirtualAddress> virtualAddresses) {
        this.rtnetlink = rtnetlink;
        this.virtualAddresses = List.copyOf(virtualAddresses);
    }

    /** The address a router advertises from, as {@link SourceAddress#find} has it. */
    public Optional<IpAddress> of(VirtualRouterConfig config) {
        if (config.trackSource()) {
            return SourceAddress.find(rtnetlink, config, virtualAddresses);
        }
        return found.computeIfAbsent(
                new Question(config.interfaceName(), config.family(), config.sourceAddress(), config.transport()),
                same -> SourceAddress.find(rtnetlink, config, virtualAddresses));
    }

    /** Whether a router's source may be another one after the addresses of this interface changed. */
    public static boolean dependOn(String interfaceName, VirtualRouterConfig config) {
        return config.interfaceName().equals(interfaceName)
                || (config.trackSource() && Surroundings.used(config).contains(interfaceName));
    }
}
