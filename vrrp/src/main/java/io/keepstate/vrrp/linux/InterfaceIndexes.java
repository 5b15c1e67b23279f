// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import java.util.HashMap;
import java.util.Map;

/** Numbers of interfaces by name, each asked once; made anew for each piece of work, since interfaces come and go. */
final class InterfaceIndexes {

    private final Rtnetlink rtnetlink;
    private final Map<String, Integer> known = new HashMap<>();

    InterfaceIndexes(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    /** The number of an interface, 0 if there is none of that name. */
    int index(String interfaceName) {
        return known.computeIfAbsent(
                interfaceName, name -> rtnetlink.link(name).map(Link::index).orElse(0));
    }
}
