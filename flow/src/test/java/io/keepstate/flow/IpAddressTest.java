// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as text. */
class IpAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:2:3:4", "1::8"})
    void anAddressIsPrintedAsItWasWritten(String text) {
        assertThat(IpAddress.parse(text)).hasToString(text);
    }

    /** Java hands such text to a resolver: a file with a slip in it must not wait for DNS. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.999",
                "1.2.3.4.5",
                "a.b.c.d",
                ".:",
                ".::1",
                "1:2",
                "1:::2",
                "12345::",
                "fe80::1%lo",
                "host",
                "dead.beef",
                "::g",
                "1.2.3.4:"
            })
    void whatIsNoAddressIsRefusedWithoutAskingAResolver(String text) {
        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> IpAddress.parse(text))
                        .withMessageContaining("'" + text + "'"));
    }
}
