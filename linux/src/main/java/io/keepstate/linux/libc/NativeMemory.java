// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Direct buffers whose address can be handed to the kernel.
 *
 * <p>The owner keeps the buffer in a field for as long as the kernel may use the address, and releases it in
 * {@code close()} on the thread that uses it.
 */
public final class NativeMemory {
    private NativeMemory() {}

    /**
     * A zeroed buffer of a fixed size with a memory address.
     *
     * @param bytes its size, at least 1
     */
    public static ByteBuf allocate(int bytes) {
        ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
        if (!buffer.hasMemoryAddress()) {
            buffer.release();
            throw new UnsupportedOperationException("netty gives direct buffers without a memory address here; "
                    + "allow it native access (io.netty.noUnsafe and io.netty.noPreferDirect must not be set)");
        }
        return buffer.setZero(0, bytes);
    }

    /** A NUL-terminated copy of {@code text} in UTF-8; the caller releases it. */
    public static ByteBuf cString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return allocate(bytes.length + 1).setBytes(0, bytes);
    }

    /**
     * The address of a message's readable octets.
     *
     * @throws IllegalArgumentException if the buffer has no memory address: only direct, non-composite buffers do
     */
    public static long readableAddress(ByteBuf message) {
        if (!message.hasMemoryAddress()) {
            throw new IllegalArgumentException("the kernel needs a direct buffer with a memory address, not "
                    + message.getClass().getSimpleName());
        }
        return message.memoryAddress() + message.readerIndex();
    }
}
