// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.LegResignation;
import io.keepstate.vrrp.SyncGroupRules;
import java.util.List;

/**
 * A {@code group} line.
 *
 * @param members its routers, in the order of the line
 * @param rules how it behaves
 */
record GroupDefinition(List<String> members, SyncGroupRules rules) {

    GroupDefinition {
        members = List.copyOf(members);
    }

    /** Reads the settings behind the members. */
    static GroupDefinition of(List<String> members, Words words) throws ScenarioException {
        Settings settings = words.settings();
        SyncGroupRules usual = SyncGroupRules.DEFAULT;
        SyncGroupRules rules = new SyncGroupRules(
                List.of(),
                settings.flag("tracking_weight").orElse(usual.trackingWeight()),
                settings.choice("resignation", LegResignation.class).orElse(usual.resignation()));
        settings.end();
        return new GroupDefinition(members, rules);
    }

    boolean has(String router) {
        return members.contains(router);
    }
}
