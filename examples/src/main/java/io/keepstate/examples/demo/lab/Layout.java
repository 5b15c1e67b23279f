// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import io.keepstate.examples.demo.traffic.Route;
import java.util.List;
import java.util.Set;

/** How many groups of virtual addresses the two firewalls share, with the configuration files for it. */
public enum Layout {
    /** One group of four addresses; fw1 is active, fw2 stands by. */
    ONE_GROUP(""),

    /** Two groups, three addresses on either side each; both firewalls are active, and back each other up. */
    TWO_GROUPS("two-groups/");

    private static final AddressGroup ONLY = new AddressGroup("G1", 1, 100, 10, Set.of(100));
    private static final AddressGroup FIRST = new AddressGroup("G1", 1, 100, 10, Set.of(100, 110));
    private static final AddressGroup SECOND = new AddressGroup("G2", 2, 200, 11, Set.of(200, 210));

    private final String directory;

    Layout(String directory) {
        this.directory = directory;
    }

    /** The groups; sessions go through all of them alike. */
    public List<AddressGroup> groups() {
        return this == ONE_GROUP ? List.of(ONLY) : List.of(FIRST, SECOND);
    }

    /** The routes of the sessions, one per group. */
    public List<Route> routes() {
        return groups().stream().map(AddressGroup::route).toList();
    }

    /** A configuration file of this layout. */
    String read(String file) {
        return ReferenceFiles.read(directory + file);
    }
}
