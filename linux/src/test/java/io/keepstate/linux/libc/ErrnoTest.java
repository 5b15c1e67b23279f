// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void exceptionPrintsCallNameTextAndSubject() {
        assertThat(new LinuxException("bind", Errno.EADDRINUSE))
                .hasMessage("bind: EADDRINUSE (Address already in use)");
        assertThat(new LinuxException("bind", Errno.EADDRINUSE, "10.0.0.1:3780"))
                .hasMessage("bind: EADDRINUSE (Address already in use): 10.0.0.1:3780");
    }

    @Test
    void everyConstantHasItsOwnName() throws IllegalAccessException {
        for (Field field : Errno.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                assertThat(Errno.name(field.getInt(null))).isEqualTo(field.getName());
            }
        }
    }

    @Test
    void numberWithoutNameIsPrintedAsNumber() {
        assertThat(Errno.describe(4711)).isEqualTo("errno 4711");
        assertThat(Errno.describe(-1)).isEqualTo("errno -1");
        assertThat(Errno.describe(0)).isEqualTo("errno 0");
    }

    @Test
    void unknownMachineIsRefusedInOneSentence() {
        Platform.require("Linux", "amd64", ByteOrder.LITTLE_ENDIAN);
        Platform.require("Linux", "aarch64", ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(() -> Platform.require("Linux", "s390x", ByteOrder.BIG_ENDIAN))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Linux on s390x");
        assertThatThrownBy(() -> Platform.require("Linux", "i386", ByteOrder.LITTLE_ENDIAN))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Platform.require("Mac OS X", "aarch64", ByteOrder.LITTLE_ENDIAN))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
