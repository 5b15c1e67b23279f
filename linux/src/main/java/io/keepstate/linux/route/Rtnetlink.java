// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes links, addresses, routes and policy rules of the namespace it was opened in.
 *
 * <p>Every call waits for the kernel's answer, which rtnetlink gives at once. Changes of addresses, routes and rules answer 0
 * or the error number, since EEXIST and EADDRNOTAVAIL are everyday; changes of links throw. Changing needs
 * CAP_NET_ADMIN. Confined to one thread. Source: rtnetlink(7).
 */
public final class Rtnetlink implements AutoCloseable {
    /** Answers a default receive buffer holds (832 octets each), with slack. */
    private static final int BATCH = 64;

    private static final int ACK = RequestWriter.NLM_F_ACK;
    private static final int CREATE = ACK | RequestWriter.NLM_F_CREATE | RequestWriter.NLM_F_EXCL;
    private static final int PREPEND = ACK | RequestWriter.NLM_F_CREATE;
    private static final int APPEND = PREPEND | RequestWriter.NLM_F_APPEND;
    private static final int REPLACE = ACK | RequestWriter.NLM_F_CREATE | RequestWriter.NLM_F_REPLACE;

    private final RouteChannel channel = new RouteChannel();

    private Rtnetlink() {}

    /** Opens in the calling thread's network namespace. */
    public static Rtnetlink open() {
        return new Rtnetlink();
    }

    /** This socket's number, for {@link RouteMonitor#ignoreChangesBy}. */
    public long portId() {
        return channel.portId();
    }

    /** All links. */
    public List<Link> links() {
        List<Link> links = new ArrayList<>();
        channel.dump(
                RouteMessages.RTM_GETLINK,
                message -> message.interfaceHeader(0, 0, 0)
                        .attribute(RouteMessages.IFLA_EXT_MASK, RouteMessages.RTEXT_FILTER_SKIP_STATS),
                links::clear,
                (in, type, at, end) -> add(links, RouteMessages.link(in, at, end)));
        return links;
    }

    /** The link of a name, if there is one now. */
    public Optional<Link> link(String name) {
        channel.begin(RouteMessages.RTM_GETLINK, 0)
                .interfaceHeader(0, 0, 0)
                .attribute(RouteMessages.IFLA_EXT_MASK, RouteMessages.RTEXT_FILTER_SKIP_STATS)
                .attribute(RouteMessages.IFLA_IFNAME, name)
                .end();
        return oneLink("get link " + name);
    }

    /** The link of a number, if there is one now; its flags tell the carrier. */
    public Optional<Link> link(int index) {
        channel.begin(RouteMessages.RTM_GETLINK, 0)
                .interfaceHeader(index, 0, 0)
                .attribute(RouteMessages.IFLA_EXT_MASK, RouteMessages.RTEXT_FILTER_SKIP_STATS)
                .end();
        return oneLink("get link " + index);
    }

    private Optional<Link> oneLink(String what) {
        List<Link> found = new ArrayList<>(1);
        int errno = channel.get((in, type, at, end) -> add(found, RouteMessages.link(in, at, end)));
        if (errno != 0 && errno != Errno.ENODEV) {
            throw new LinuxException("rtnetlink", errno, what);
        }
        return found.stream().findFirst();
    }

    /** All addresses of both families. */
    public List<InterfaceAddress> addresses() {
        List<InterfaceAddress> addresses = new ArrayList<>();
        channel.dump(
                RouteMessages.RTM_GETADDR,
                message -> message.word(0).word(0),
                addresses::clear,
                (in, type, at, end) -> add(addresses, RouteMessages.address(in, at, end)));
        return addresses;
    }

    private static <T> void add(List<T> list, @Nullable T element) {
        if (element != null) {
            list.add(element);
        }
    }

    /** Adds an address; answers 0, EEXIST if it is there already, or another error number. */
    public int addAddress(InterfaceAddress address) {
        return addAddresses(List.of(address))[0];
    }

    /** Adds addresses in few system calls, whatever fails among them; answers each one's 0 or error number. */
    public int[] addAddresses(List<InterfaceAddress> addresses) {
        return changeAddresses(RouteMessages.RTM_NEWADDR, CREATE, addresses);
    }

    /** Adds an address or renews its lifetime and flags; answers 0 or an error number. */
    public int replaceAddress(InterfaceAddress address) {
        return changeAddresses(RouteMessages.RTM_NEWADDR, REPLACE, List.of(address))[0];
    }

    /**
     * Adds addresses, or renews the lifetimes and flags of those that are there, in few system calls: established connections
     * see nothing of a renewal. Answers each one's 0 or error number.
     */
    public int[] replaceAddresses(List<InterfaceAddress> addresses) {
        return changeAddresses(RouteMessages.RTM_NEWADDR, REPLACE, addresses);
    }

    /** Removes an address; answers 0, EADDRNOTAVAIL if it is not there, or another error number. */
    public int removeAddress(InterfaceAddress address) {
        return removeAddresses(List.of(address))[0];
    }

    /** Removes addresses in few system calls; answers each one's 0 or error number. */
    public int[] removeAddresses(List<InterfaceAddress> addresses) {
        return changeAddresses(RouteMessages.RTM_DELADDR, ACK, addresses);
    }

    private int[] changeAddresses(int type, int flags, List<InterfaceAddress> addresses) {
        int[] results = new int[addresses.size()];
        for (int from = 0; from < results.length; from += BATCH) {
            int count = Math.min(BATCH, results.length - from);
            for (int i = 0; i < count; i++) {
                RequestWriter message = i == 0 ? channel.begin(type, flags) : channel.next(type, flags);
                write(message, type, addresses.get(from + i));
            }
            int base = from;
            channel.request(count, (index, errno, text) -> results[base + index] = errno);
        }
        return results;
    }

    private static void write(RequestWriter message, int type, InterfaceAddress address) {
        InetAddress peer = address.peer();
        // struct ifaddrmsg: family, prefix length, flags (8 bits, see IFA_FLAGS), scope, index
        message.octet(address.family().number())
                .octet(address.prefixLength())
                .octet(0)
                .octet(address.scope())
                .word(address.interfaceIndex())
                .attribute(RouteMessages.IFA_LOCAL, address.address())
                .attribute(RouteMessages.IFA_ADDRESS, peer != null ? peer : address.address());
        if (address.label() != null) {
            message.attribute(RouteMessages.IFA_LABEL, address.label());
        }
        if (type == RouteMessages.RTM_NEWADDR) {
            writeSettings(message, address);
        }
        message.end();
    }

    private static void writeSettings(RequestWriter message, InterfaceAddress address) {
        InetAddress broadcast = address.broadcast();
        if (broadcast != null) {
            message.attribute(RouteMessages.IFA_BROADCAST, broadcast);
        }
        if (address.flags() != 0) {
            message.attribute(RouteMessages.IFA_FLAGS, address.flags());
        }
        if (address.protocol() != 0) {
            message.attributeOctet(RouteMessages.IFA_PROTO, address.protocol());
        }
        if (address.preferredSeconds() != InterfaceAddress.FOREVER
                || address.validSeconds() != InterfaceAddress.FOREVER) {
            // struct ifa_cacheinfo: preferred, valid, created, updated; the last two are the kernel's.
            int at = message.open(RouteMessages.IFA_CACHEINFO);
            message.word((int) address.preferredSeconds())
                    .word((int) address.validSeconds())
                    .word(0)
                    .word(0)
                    .close(at);
        }
    }

    /**
     * Adds a route where there is none to the destination with the metric; answers 0, EEXIST, ENETUNREACH (no way to the
     * gateway) or another error number.
     */
    public int addRoute(Route route) {
        return newRoute(route, CREATE);
    }

    /**
     * Adds a route before others to the same destination with the same metric (IPv6: beside them), answers as
     * {@link #addRoute}; EEXIST only for the very same route.
     */
    public int prependRoute(Route route) {
        return newRoute(route, PREPEND);
    }

    /** As {@link #prependRoute}, behind the others. */
    public int appendRoute(Route route) {
        return newRoute(route, APPEND);
    }

    /** Adds a route in place of another to the same destination with the same metric; answers 0 or an error number. */
    public int replaceRoute(Route route) {
        return newRoute(route, REPLACE);
    }

    private int newRoute(Route route, int flags) {
        RouteWriter.write(channel.begin(RouteMessages.RTM_NEWROUTE, flags), route);
        return channel.request().errno();
    }

    /** Removes a route; answers 0, ESRCH if it is not there, or another error number. */
    public int removeRoute(Route route) {
        RouteWriter.write(channel.begin(RouteMessages.RTM_DELROUTE, ACK), route);
        return channel.request().errno();
    }

    /**
     * Adds a policy rule; answers 0, EEXIST if the same one is there already (not told of one without priority), or another
     * error number.
     */
    public int addRule(RoutingRule rule) {
        rule.write(channel.begin(RouteMessages.RTM_NEWRULE, CREATE));
        return channel.request().errno();
    }

    /** Removes a policy rule; answers 0, ENOENT if it is not there, or another error number. */
    public int removeRule(RoutingRule rule) {
        rule.write(channel.begin(RouteMessages.RTM_DELRULE, ACK));
        return channel.request().errno();
    }

    /** Making, changing and deleting links. */
    public LinkChanges changeLinks() {
        return new LinkChanges(channel);
    }

    @Override
    public void close() {
        channel.close();
    }
}
