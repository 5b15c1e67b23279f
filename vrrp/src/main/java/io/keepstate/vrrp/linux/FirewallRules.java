// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.nftables.Expressions;
import io.keepstate.linux.nftables.Hook;
import io.keepstate.linux.nftables.Nftables;
import io.keepstate.linux.nftables.SetType;
import io.keepstate.linux.nftables.Table;
import io.keepstate.linux.nftables.TableFamily;
import io.keepstate.linux.nftables.Transaction;
import io.keepstate.vrrp.codec.AddressFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables {@code ip keepstate} and {@code ip6 keepstate}, one chain in and one out, in front of the filters of the
 * operator (priority -1). They refuse packets to and from virtual addresses that are not accepted (Accept_Mode False, RFC
 * 9568 section 6.1), neighbour discovery excepted (section 8.2.2), and send IGMP and MLD of virtual MAC interfaces out by the
 * interface below, so that switches do not learn the virtual MAC from a backup.
 *
 * <p>Where the kernel knows owned tables (5.12) they vanish with the process; a stale one is removed before they are made.
 * Made when first needed. Confined to one thread.
 */
final class FirewallRules implements AutoCloseable {

    static final String REFUSED = "refused";
    static final String REFUSED_ON_LINK = "refused_on_link";
    private static final String PARENTS = "parents";
    private static final String NAME = "keepstate";
    private static final String IN = "in";
    private static final String OUT = "out";
    private static final int PRIORITY = -1;

    private static final Logger LOG = LoggerFactory.getLogger(FirewallRules.class);

    private static final byte IGMP = 2;
    private static final byte ICMPV6 = 58;
    /** Neighbour solicitation and advertisement (RFC 4861). */
    private static final byte[][] NEIGHBOUR_DISCOVERY = {{(byte) 135}, {(byte) 136}};
    /** Reports and done of MLD version 1 (RFC 2710). */
    private static final byte[][] LISTENER = {{(byte) 131}, {(byte) 132}};
    /** Reports of MLD version 2 (RFC 3810). */
    private static final byte LISTENER_V2 = (byte) 143;

    private @Nullable Nftables nftables;
    private String name = NAME;
    private boolean duplicates;
    private boolean failed;

    /** Where addresses are in a header: offset of the source, of the destination, length. */
    private record Layout(int source, int destination, int length) {}

    private static final Layout IPV4 = new Layout(12, 16, 4);
    private static final Layout IPV6 = new Layout(8, 24, 16);

    static Table table(AddressFamily family, String name) {
        return new Table(family == AddressFamily.IPV4 ? TableFamily.IPV4 : TableFamily.IPV6, name);
    }

    private Table table(AddressFamily family) {
        return table(family, name);
    }

    /** Adds elements to a set of refused addresses, making the tables if need be; answers 0 or why not. */
    int refuse(AddressFamily family, String set, List<byte[]> elements) {
        Nftables open = ready();
        return open == null
                ? Errno.EOPNOTSUPP
                : open.commit(open.begin().addElements(table(family), set, elements))
                        .errno();
    }

    /** Removes elements of a set of refused addresses; answers 0 or why not. */
    int admit(AddressFamily family, String set, List<byte[]> elements) {
        Nftables open = nftables;
        return open == null
                ? 0
                : open.commit(open.begin().deleteElements(table(family), set, elements))
                        .errno();
    }

    /**
     * Sends IGMP and MLD of an interface out by another one; answers 0 or why not.
     *
     * @param index number of the virtual MAC interface
     * @param parent number of the interface below
     */
    int redirectListenerReports(int index, int parent) {
        Nftables open = ready();
        if (open == null || !duplicates) {
            return Errno.EOPNOTSUPP;
        }
        Transaction transaction = open.begin();
        for (AddressFamily family : AddressFamily.values()) {
            transaction.addPairs(
                    table(family), PARENTS, List.of(interfaceNumber(index)), List.of(interfaceNumber(parent)));
        }
        return open.commit(transaction).errno();
    }

    /** An interface is gone: its number may soon be another one's. */
    void forgetListenerReports(int index) {
        Nftables open = nftables;
        if (open == null || !duplicates) {
            return;
        }
        for (AddressFamily family : AddressFamily.values()) {
            Nftables.Outcome outcome =
                    open.commit(open.begin().deleteElements(table(family), PARENTS, List.of(interfaceNumber(index))));
            if (!outcome.succeeded() && outcome.errno() != Errno.ENOENT) {
                LOG.warn("{}", outcome);
            }
        }
    }

    /** Removes the tables. */
    @Override
    public void close() {
        Nftables open = nftables;
        nftables = null;
        if (open != null) {
            removeTables(open);
            open.close();
        }
    }

    static byte[] interfaceNumber(int index) {
        return new byte[] {(byte) index, (byte) (index >>> 8), (byte) (index >>> 16), (byte) (index >>> 24)};
    }

    private @Nullable Nftables ready() {
        if (nftables == null && !failed) {
            failed = true;
            try {
                nftables = make();
                failed = nftables == null;
            } catch (LinuxException e) {
                LOG.warn("nf_tables cannot be used ({}): {}", e.getMessage(), CONSEQUENCE);
            }
        }
        return nftables;
    }

    private static final String CONSEQUENCE =
            "packets to virtual addresses with no_accept are not refused, and switches may"
                    + " learn a virtual MAC from the IGMP and MLD of a backup; load the module nf_tables";

    private @Nullable Nftables make() {
        Nftables open = Nftables.open();
        Nftables.Outcome outcome = new Nftables.Outcome(Errno.EIO, "");
        // Another process may own tables of our name: then ours bear its number as well.
        for (String candidate :
                List.of(NAME, NAME + "-" + ProcessHandle.current().pid())) {
            name = candidate;
            removeTables(open);
            for (boolean owned : new boolean[] {true, false}) {
                for (boolean duplicating : new boolean[] {true, false}) {
                    outcome = open.commit(tables(open.begin(), owned, duplicating));
                    if (outcome.succeeded()) {
                        duplicates = duplicating;
                        explain(owned, duplicating);
                        return open;
                    }
                }
            }
            if (outcome.errno() != Errno.EPERM) {
                break;
            }
        }
        LOG.warn("nf_tables cannot be used ({}): {}", outcome, CONSEQUENCE);
        open.close();
        return null;
    }

    private static void explain(boolean owned, boolean duplicating) {
        if (!owned) {
            LOG.info(
                    "this kernel has no owned tables (5.12): after a crash the table {} stays until the next start",
                    NAME);
        }
        if (!duplicating) {
            LOG.warn(
                    "this kernel cannot duplicate packets (nft_dup_ipv4, nft_dup_ipv6): switches may learn a virtual MAC"
                            + " from the IGMP and MLD of a backup; load those modules");
        }
    }

    private void removeTables(Nftables open) {
        for (AddressFamily family : AddressFamily.values()) {
            int errno = open.commit(open.begin().deleteTable(table(family))).errno();
            if (errno != 0 && errno != Errno.ENOENT && errno != Errno.EPERM) {
                LOG.warn("the table {} cannot be removed: {}", table(family), Errno.describe(errno));
            }
        }
    }

    private Transaction tables(Transaction transaction, boolean owned, boolean duplicating) {
        Table four = table(AddressFamily.IPV4);
        Table six = table(AddressFamily.IPV6);
        for (AddressFamily family : AddressFamily.values()) {
            Table table = table(family);
            transaction.addTable(table, owned);
            transaction.addSet(
                    table, REFUSED, family == AddressFamily.IPV4 ? SetType.IPV4_ADDRESS : SetType.IPV6_ADDRESS);
            transaction.addBaseChain(table, IN, Hook.INPUT, PRIORITY);
            transaction.addBaseChain(table, OUT, Hook.OUTPUT, PRIORITY);
            if (duplicating) {
                transaction.addMap(table, PARENTS, SetType.INTERFACE, SetType.INTERFACE);
            }
        }
        if (duplicating) {
            transaction.addRule(four, OUT, redirected(protocol(IGMP), IPV4));
            transaction.addRule(six, OUT, redirected(icmpType(LISTENER), IPV6));
            transaction.addRule(
                    six, OUT, redirected(protocol(ICMPV6).loadTransport(1, 0, 1).matches(1, LISTENER_V2), IPV6));
        }
        transaction.addSet(six, REFUSED_ON_LINK, SetType.IPV6_ADDRESS_ON_INTERFACE);
        transaction.addRule(six, IN, icmpType(NEIGHBOUR_DISCOVERY).accept());
        transaction.addRule(six, OUT, icmpType(NEIGHBOUR_DISCOVERY).accept());
        transaction.addRule(four, IN, refused(IPV4.destination(), IPV4.length()));
        transaction.addRule(four, OUT, refused(IPV4.source(), IPV4.length()));
        transaction.addRule(six, IN, refused(IPV6.destination(), IPV6.length()));
        transaction.addRule(six, OUT, refused(IPV6.source(), IPV6.length()));
        transaction.addRule(six, IN, onLink(true));
        transaction.addRule(six, OUT, onLink(false));
        return transaction;
    }

    private static Expressions protocol(byte number) {
        return new Expressions().loadTransportProtocol(1).matches(1, number);
    }

    private static Expressions icmpType(byte[][] range) {
        return protocol(ICMPV6).loadTransport(1, 0, 1).within(1, range[0], range[1]);
    }

    private static Expressions refused(int offset, int length) {
        return new Expressions()
                .loadNetwork(1, offset, length)
                .in(REFUSED, 1)
                .count()
                .drop();
    }

    private static Expressions onLink(boolean in) {
        int address = Expressions.WORD;
        int number = address + IPV6.length() / Integer.BYTES;
        Expressions rule =
                new Expressions().loadNetwork(address, in ? IPV6.destination() : IPV6.source(), IPV6.length());
        return (in ? rule.loadInputInterface(number) : rule.loadOutputInterface(number))
                .in(REFUSED_ON_LINK, address)
                .count()
                .drop();
    }

    private static Expressions redirected(Expressions which, Layout layout) {
        return which.loadNetwork(1, layout.destination(), layout.length())
                .loadOutputInterface(2)
                .map(PARENTS, 2, 2)
                .duplicate(1, 2)
                .drop();
    }
}
