// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.socket.NetworkInterfaces;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes, changes and deletes links; got from {@link Rtnetlink#changeLinks} and valid as long as that.
 *
 * <p>Every method throws {@link LinuxException} with the kernel's own words where it gives any: EEXIST (name taken),
 * ENODEV (no such link), EPERM (needs CAP_NET_ADMIN).
 */
public final class LinkChanges {
    private static final int CREATE = RequestWriter.NLM_F_ACK | RequestWriter.NLM_F_CREATE | RequestWriter.NLM_F_EXCL;

    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_BR_MCAST_SNOOPING = 23;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final int IFLA_AF_SPEC = 26;
    private static final int AF_INET6 = 10;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;

    private final RouteChannel channel;

    LinkChanges(RouteChannel channel) {
        this.channel = channel;
    }

    /** How the macvlans of one parent see each other, numbers of {@code include/uapi/linux/if_link.h}. */
    public enum MacvlanMode {
        PRIVATE(1),
        VEPA(2),
        BRIDGE(4),
        PASSTHRU(8);

        private final int number;

        MacvlanMode(int number) {
            this.number = number;
        }
    }

    /** Makes a pair of links joined like a cable, both here. */
    public void createVeth(String name, String peerName) {
        createVeth(name, peerName, -1);
    }

    /**
     * Makes a pair of links joined like a cable, the peer in another namespace, where the same name may be used.
     *
     * @param peerNamespaceFd descriptor of the peer's namespace, -1 for this one
     */
    public void createVeth(String name, String peerName, int peerNamespaceFd) {
        RequestWriter message = beginCreate(name);
        int info = message.open(RouteMessages.IFLA_LINKINFO);
        message.attribute(RouteMessages.IFLA_INFO_KIND, "veth");
        int data = message.open(RouteMessages.IFLA_INFO_DATA);
        int peer = message.open(VETH_INFO_PEER);
        message.interfaceHeader(0, 0, 0).attribute(RouteMessages.IFLA_IFNAME, checkName(peerName));
        if (peerNamespaceFd >= 0) {
            message.attribute(RouteMessages.IFLA_NET_NS_FD, peerNamespaceFd);
        }
        message.close(peer).close(data).close(info).end();
        finish("create veth " + name + " to " + peerName);
    }

    /** Makes a bridge that floods multicast, like a plain switch. */
    public void createBridge(String name) {
        RequestWriter message = beginCreate(name);
        int info = message.open(RouteMessages.IFLA_LINKINFO);
        message.attribute(RouteMessages.IFLA_INFO_KIND, "bridge");
        int data = message.open(RouteMessages.IFLA_INFO_DATA);
        message.attributeOctet(IFLA_BR_MCAST_SNOOPING, 0);
        message.close(data).close(info).end();
        finish("create bridge " + name);
    }

    /**
     * Makes a link with an Ethernet address of its own on top of another.
     *
     * @param mac its address, such as 00:00:5e:00:01:VRID; null for a random one
     */
    public void createMacvlan(String name, int parentIndex, MacvlanMode mode, @Nullable MacAddress mac) {
        RequestWriter message = beginCreate(name).attribute(RouteMessages.IFLA_LINK, parentIndex);
        if (mac != null) {
            message.attribute(RouteMessages.IFLA_ADDRESS, mac);
        }
        int info = message.open(RouteMessages.IFLA_LINKINFO);
        message.attribute(RouteMessages.IFLA_INFO_KIND, "macvlan");
        int data = message.open(RouteMessages.IFLA_INFO_DATA);
        message.attribute(IFLA_MACVLAN_MODE, mode.number);
        message.close(data).close(info).end();
        finish("create macvlan " + name + " on interface " + parentIndex);
    }

    private RequestWriter beginCreate(String name) {
        return channel.begin(RouteMessages.RTM_NEWLINK, CREATE)
                .interfaceHeader(0, 0, 0)
                .attribute(RouteMessages.IFLA_IFNAME, checkName(name));
    }

    /** Switches a link on or off. */
    public void setUp(int index, boolean up) {
        channel.begin(RouteMessages.RTM_NEWLINK, RequestWriter.NLM_F_ACK)
                .interfaceHeader(index, up ? Link.IFF_UP : 0, Link.IFF_UP)
                .end();
        finish((up ? "switch on" : "switch off") + " interface " + index);
    }

    /** Puts a link under a bridge, bond or VRF; 0 takes it out. */
    public void setMaster(int index, int masterIndex) {
        change(index).attribute(RouteMessages.IFLA_MASTER, masterIndex).end();
        finish("put interface " + index + " under " + masterIndex);
    }

    /** How a link gets its IPv6 link-local address when it is switched on ({@code IN6_ADDR_GEN_MODE_*}). */
    public enum AddressGeneration {
        /** From its Ethernet address. */
        EUI64(0),
        /** Not at all: it has the addresses it is given. */
        NONE(1);

        private final int number;

        AddressGeneration(int number) {
            this.number = number;
        }
    }

    /** Sets how a link gets its link-local address; to be said while it is down. EAFNOSUPPORT where there is no IPv6. */
    public void setAddressGeneration(int index, AddressGeneration mode) {
        RequestWriter message = change(index);
        int families = message.open(IFLA_AF_SPEC);
        int inet6 = message.open(AF_INET6);
        message.attributeOctet(IFLA_INET6_ADDR_GEN_MODE, mode.number)
                .close(inet6)
                .close(families)
                .end();
        finish("set address generation " + mode + " of interface " + index);
    }

    /** Gives a link another Ethernet address. */
    public void setMac(int index, MacAddress mac) {
        change(index).attribute(RouteMessages.IFLA_ADDRESS, mac).end();
        finish("set address " + mac + " of interface " + index);
    }

    /** Sets the octets of IP a frame may carry. */
    public void setMtu(int index, int mtu) {
        change(index).attribute(RouteMessages.IFLA_MTU, mtu).end();
        finish("set MTU " + mtu + " of interface " + index);
    }

    /** Attaches a text to a link, of at most 255 octets; it says whose the link is. */
    public void setAlias(int index, String alias) {
        change(index).attribute(RouteMessages.IFLA_IFALIAS, alias).end();
        finish("set alias of interface " + index);
    }

    /** Puts a link into a group of links. */
    public void setGroup(int index, int group) {
        change(index).attribute(RouteMessages.IFLA_GROUP, group).end();
        finish("put interface " + index + " into group " + group);
    }

    /** Renames a link, which older kernels allow only while it is down. */
    public void rename(int index, String name) {
        change(index).attribute(RouteMessages.IFLA_IFNAME, checkName(name)).end();
        finish("rename interface " + index + " to " + name);
    }

    /** Moves a link to another namespace; it loses its addresses and goes down. */
    public void moveTo(int index, int namespaceFd) {
        change(index).attribute(RouteMessages.IFLA_NET_NS_FD, namespaceFd).end();
        finish("move interface " + index + " to another namespace");
    }

    /** Deletes a link; of a veth pair both ends. */
    public void delete(int index) {
        channel.begin(RouteMessages.RTM_DELLINK, RequestWriter.NLM_F_ACK)
                .interfaceHeader(index, 0, 0)
                .end();
        finish("delete interface " + index);
    }

    private RequestWriter change(int index) {
        return channel.begin(RouteMessages.RTM_NEWLINK, RequestWriter.NLM_F_ACK).interfaceHeader(index, 0, 0);
    }

    private void finish(String what) {
        RouteChannel.Answer answer = channel.request();
        if (answer.errno() != 0) {
            String words = answer.text().isEmpty() ? what : what + ": " + answer.text();
            throw new LinuxException("rtnetlink", answer.errno(), words);
        }
    }

    private static String checkName(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > NetworkInterfaces.MAX_NAME_BYTES || name.contains("/") || name.contains(" ")) {
            throw new IllegalArgumentException(
                    "not an interface name: '" + name + "' (1 to 15 octets, no slash, no space)");
        }
        return name;
    }
}
