// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps adverts within one packet of their interface: as in keepalived the addresses that the MTU of now has no room for are
 * treated as if they stood in {@code virtual_ipaddress_excluded}. An advert in fragments is none (RFC 9568 5.1), and over
 * IPv4 it could not even be sent. An interface that is not there yet has no MTU: nothing is moved then.
 *
 * <p>keepalived always leaves the room of an authentication header (2.2.7: 89 IPv6 addresses with MTU 1500), and so does
 * this: a peer whose list is another one is not heard by it.
 */
public final class AdvertRoom {
    /** So many fit into the smallest MTU there is, 68 octets (RFC 791), and are not worth a look at the machine. */
    private static final int ALWAYS_FIT = 8;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int VRRP_HEADER = 8;
    private static final int AUTHENTICATION_DATA = 8; // RFC 3768 5.3.10
    private static final int AUTHENTICATION_HEADER = 24; // RFC 2402 with HMAC-MD5-96
    private static final int HMAC_TRAILER = 28;

    private AdvertRoom() {}

    /** The configuration with what fits, and a finding for each instance that had too many. */
    public static Reading<KeepalivedConfig> fit(Reading<KeepalivedConfig> reading, String file, Surroundings machine) {
        if (reading.configuration().isEmpty()) {
            return reading;
        }
        KeepalivedConfig config = reading.get();
        List<Finding> findings = new ArrayList<>(reading.findings());
        List<InstanceConfig> instances = config.instances().stream()
                .map(instance -> fit(instance, file, machine, findings))
                .toList();
        return new Reading<>(Optional.of(config.with(config.syncGroups(), instances)), findings);
    }

    private static InstanceConfig fit(
            InstanceConfig instance, String file, Surroundings machine, List<Finding> findings) {
        VirtualRouterConfig router = instance.router();
        List<VirtualAddress> all = router.addresses();
        if (all.size() <= ALWAYS_FIT) {
            return instance;
        }
        int mtu = machine.mtu(router.interfaceName()).orElse(Integer.MAX_VALUE);
        int room = Math.max(1, room(router, mtu));
        if (all.size() <= room) {
            return instance;
        }
        findings.add(new Finding(
                Severity.INVALID,
                file,
                instance.line(),
                "virtual_ipaddress",
                "an advert of instance " + router.name() + " has room for " + room + " addresses (MTU " + mtu + " of "
                        + router.interfaceName() + "), the last " + (all.size() - room)
                        + " are treated as if they stood in virtual_ipaddress_excluded: move them there"));
        List<VirtualAddress> others = new ArrayList<>(all.subList(room, all.size()));
        others.addAll(router.excludedAddresses());
        return instance.withRouter(router.toBuilder()
                .addresses(all.subList(0, room))
                .excludedAddresses(others)
                .build());
    }

    private static int room(VirtualRouterConfig router, int mtu) {
        boolean four = router.family() == AddressFamily.IPV4;
        int authentication = four && router.version() == Version.V2 ? AUTHENTICATION_DATA : 0;
        if (router.authentication().type() == Authentication.TYPE_HEADER) {
            authentication += AUTHENTICATION_HEADER;
        }
        if (router.hmac().isPresent()) {
            authentication += HMAC_TRAILER;
        }
        int headers = (four ? IPV4_HEADER : IPV6_HEADER) + VRRP_HEADER;
        int octets = mtu - headers - Math.max(AUTHENTICATION_HEADER, authentication);
        return octets / (router.family().bits() / Byte.SIZE);
    }
}
