// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.sysctl.Sysctl;
import io.keepstate.linux.sysctl.SysctlJournal;
import io.keepstate.vrrp.codec.AddressFamily;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The kernel parameters of interfaces with virtual MACs and of those below, as RFC 9568 section 8.1.2 needs them: ARP for a
 * virtual address is answered with the virtual MAC only. What is changed outside our own interfaces goes through a
 * {@link SysctlJournal} and comes back, after a kill too.
 */
final class VirtualMacParameters implements AutoCloseable {

    private static final String ALL_RP_FILTER = "net/ipv4/conf/all/rp_filter";

    private final Sysctl sysctl = Sysctl.kernel();
    private final SysctlJournal journal;
    private final Predicate<String> ours;

    /**
     * Nothing is changed yet.
     *
     * @param journalDirectory where originals are kept
     * @param ours whether an interface of this name is one of those with virtual MACs
     */
    VirtualMacParameters(Path journalDirectory, Predicate<String> ours) {
        this.journal = SysctlJournal.open(journalDirectory, sysctl);
        this.ours = ours;
    }

    /** Brings back what a crashed process changed. */
    void recover() {
        journal.recover();
    }

    /** Sets those of an interface that has just been made. */
    void set(VirtualMacPlan plan) {
        plan.ownParameters().forEach(sysctl::write);
        openReversePath(plan);
        journal.set(plan.parentParameters());
    }

    /** The interface may have to carry addresses of another family from now on. */
    void carry(VirtualMacPlan before, VirtualMacPlan wanted) {
        if (wanted.carries(AddressFamily.IPV6) && !before.carries(AddressFamily.IPV6)) {
            sysctl.write("net/ipv6/conf/" + wanted.name() + "/disable_ipv6", "0");
        }
        if (wanted.carries(AddressFamily.IPV4) && !before.carries(AddressFamily.IPV4)) {
            set(wanted);
        }
    }

    /** The interface is gone: the one below gets back what it had, unless another one needs the same. */
    void release(VirtualMacPlan plan) {
        plan.parentParameters().keySet().forEach(journal::release);
    }

    /** Restores all that is not ours. */
    @Override
    public void close() {
        journal.close();
    }

    /**
     * The kernel takes the stricter of {@code all} and the interface's own: for a macvlan without the check, {@code all} must
     * be 0, and what it said is said to every interface instead.
     */
    private void openReversePath(VirtualMacPlan plan) {
        if (!plan.carries(AddressFamily.IPV4)) {
            return;
        }
        int all = sysctl.read(ALL_RP_FILTER).map(VirtualMacParameters::number).orElse(0);
        if (all == 0) {
            return;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : sysctl.list("net/ipv4/conf")) {
            String key = "net/ipv4/conf/" + name + "/rp_filter";
            int own = sysctl.read(key).map(VirtualMacParameters::number).orElse(all);
            if (!name.equals("all") && !ours.test(name) && own < all) {
                parameters.put(key, Integer.toString(all));
            }
        }
        journal.set(parameters);
        // Last, so that no interface is without its check in between.
        journal.set(ALL_RP_FILTER, "0");
    }

    private static int number(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
