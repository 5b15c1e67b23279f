// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import java.util.Set;

/** Reads the {@code Helper} block, of which nothing is used: each helper is named in a warning. */
final class HelperReader {
    private static final Set<Token.Kind> WORD = Set.of(Token.Kind.WORD);

    private final Statements in;
    private final Scalars scalars;
    private final Findings findings;
    private boolean policyIsEmpty;

    HelperReader(Statements in, Scalars scalars, Findings findings) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
    }

    void read(Token name) {
        in.block(name, new Directives().on("Type", this::type).on("Setup", scalars.onOff(value -> {})));
    }

    private void type(Token name) {
        Token helper = in.take(name, "ftp inet tcp { ... }", WORD);
        Token network = helper == null ? null : in.take(name, helper.text() + " inet tcp { ... }", WORD);
        Token transport = network == null ? null : in.take(name, "NAME " + network.text() + " tcp { ... }", WORD);
        if (helper == null || network == null || transport == null) {
            return;
        }
        if (!Set.of("inet", "inet6").contains(network.text())) {
            findings.error(network, "is neither inet nor inet6: write one of them");
        }
        if (!Set.of("tcp", "udp").contains(transport.text())) {
            findings.error(transport, "is neither tcp nor udp: write one of them");
        }
        findings.warn(
                helper,
                "user-space helpers are not supported, connections of this one are not helped: load the kernel's"
                        + " helper (nf_conntrack_" + helper.text() + ") if there is one, or remove it to silence this");
        in.block(
                name,
                new Directives()
                        .on("QueueNum", scalars.number(value -> {}))
                        .on("QueueLen", scalars.number(value -> {}))
                        .on("Policy", this::policy));
    }

    private void policy(Token name) {
        if (in.take(name, "NAME { ... }", WORD) == null) {
            return;
        }
        policyIsEmpty = true;
        in.block(
                name,
                new Directives()
                        .on("ExpectMax", scalars.number(value -> policyIsEmpty = false))
                        .on("ExpectTimeout", scalars.number(value -> policyIsEmpty = false)));
        if (policyIsEmpty) {
            findings.error(name, "this policy is empty: write `ExpectMax 1 ExpectTimeout 300' into it");
        }
    }
}
