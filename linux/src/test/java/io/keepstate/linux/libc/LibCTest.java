// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A missing symbol fails at its first call, not at load: so each is called once, in a way the kernel refuses. */
class LibCTest {
    private final ByteBuf zeroes = NativeMemory.allocate(4096);

    @AfterEach
    void release() {
        zeroes.release();
    }

    static Stream<Method> calls() {
        return Arrays.stream(LibC.class.getMethods());
    }

    @ParameterizedTest
    @MethodSource("calls")
    void everyCallIsBoundAndRefusesNonsense(Method call) throws ReflectiveOperationException {
        Object[] arguments = Arrays.stream(call.getParameterTypes())
                .map(type -> type == int.class ? (Object) (-1) : (Object) zeroes.memoryAddress())
                .toArray();
        Object result = call.invoke(CLibrary.libc(), arguments);
        assertThat(result).isInstanceOfAny(Integer.class, Long.class);
    }

    @Test
    void onlyPrimitivesCrossTheBorder() {
        assertThat(calls().flatMap(call -> Arrays.stream(call.getParameterTypes())))
                .allMatch(type -> type == int.class || type == long.class);
        assertThat(calls()).allMatch(call -> call.getParameterCount() <= 5, "a sixth parameter is passed wrongly");
    }

    @Test
    void failedCallSaysWhy() {
        assertThat(CLibrary.libc().close(-1)).isEqualTo(-1);
        assertThat(CLibrary.errno()).isEqualTo(Errno.EBADF);
    }
}
