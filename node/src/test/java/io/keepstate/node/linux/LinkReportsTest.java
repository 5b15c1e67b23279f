// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.ftfw.link.LinkDecision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinkReportsTest {
    /** What went out just before a carrier's loss was noticed is lost, be there another link or none. */
    @ParameterizedTest
    @EnumSource(
            value = LinkDecision.Reason.class,
            names = {"LINK_FAILED", "PEER_MOVED", "NONE_AVAILABLE", "AVAILABLE_AGAIN"})
    void aLinkThatFailedMayHaveSwallowedSomething(LinkDecision.Reason reason) {
        assertThat(LinkReports.mayHaveSwallowed(reason)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = LinkDecision.Reason.class, names = "FAILED_BACK")
    void aReturnToALinkThatWorksHasSwallowedNothing(LinkDecision.Reason reason) {
        assertThat(LinkReports.mayHaveSwallowed(reason)).isFalse();
    }
}
