// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.sysctl.Sysctl;
import io.keepstate.linux.sysctl.SysctlJournal;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets interfaces keep their other IPv4 addresses when a virtual one goes. The first address of a subnet is its primary one,
 * and the kernel removes the secondary ones along with it unless {@code promote_secondaries} is set ({@code net/ipv4/devinet.c},
 * {@code __inet_del_ifa}); a virtual address becomes the primary one as soon as the interface's own is configured anew.
 *
 * <p>The parameter is set from the first change of a router's holdings to the end of the process: with leases, the kernel
 * removes addresses when the process cannot. It goes through a {@link SysctlJournal}. Confined to one thread.
 */
final class SecondaryPromotion implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SecondaryPromotion.class);
    private static final String PROMOTED = "1";

    private final Sysctl sysctl = Sysctl.kernel();
    private final SysctlJournal journal;
    private final Set<String> asked = new HashSet<>();
    private boolean fails;

    SecondaryPromotion(Path journalDirectory) {
        journal = SysctlJournal.open(journalDirectory, sysctl);
    }

    /** To be called before the addresses of this router are changed; does nothing unless the router wants it. */
    void prepare(VirtualRouterConfig router) {
        if (!router.holdings().promoteSecondaries()) {
            return;
        }
        router.allAddresses().stream()
                .filter(each -> each.address().family() == AddressFamily.IPV4)
                .map(each -> "net/ipv4/conf/" + each.interfaceName() + "/promote_secondaries")
                .distinct()
                .forEach(key -> promote(router, key));
    }

    /** An interface that was made anew has the kernel's default again. */
    private void promote(VirtualRouterConfig router, String key) {
        try {
            boolean promoted = sysctl.read(key).filter(PROMOTED::equals).isPresent();
            if (!promoted || !asked.contains(key)) {
                asked.add(key);
                journal.set(key, PROMOTED);
            }
            fails = false;
        } catch (UncheckedIOException e) {
            // Addresses are worth more than this; once, since it would fail each time.
            if (!fails) {
                LOG.warn(
                        "virtual router {}: removing its addresses may take others of the subnet along: {}",
                        router.name(),
                        e.getMessage());
            }
            fails = true;
        }
    }

    /** Brings the originals back. */
    @Override
    public void close() {
        journal.close();
    }
}
