// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.linux.AddressOwner;
import java.util.List;
import java.util.stream.Collectors;

/** Virtual addresses by rtnetlink, which answers at once. */
final class LinuxAddresses implements Addresses {
    private final AddressOwner owner;

    LinuxAddresses(AddressOwner owner) {
        this.owner = owner;
    }

    @Override
    public void add(List<VirtualAddress> addresses, Completion done) {
        answer(owner.add(addresses), done);
    }

    @Override
    public void remove(List<VirtualAddress> addresses, Completion done) {
        answer(owner.remove(addresses), done);
    }

    private static void answer(List<AddressOwner.Failure> failures, Completion done) {
        done.done(
                failures.isEmpty()
                        ? null
                        : failures.stream().map(AddressOwner.Failure::toString).collect(Collectors.joining("; ")));
    }
}
