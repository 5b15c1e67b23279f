// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;

/** The octets of a capture file, with its name for complaints. */
final class CaptureStream {
    private final InputStream in;
    private final String name;
    private long position;

    CaptureStream(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /** Appends up to so many octets; fewer only at the end of the file. */
    int read(ByteBuf into, int count) throws CaptureException {
        try {
            int total = 0;
            while (total < count) {
                int read = into.writeBytes(in, count - total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            position += total;
            return total;
        } catch (IOException e) {
            throw new CaptureException(name + " cannot be read: " + e.getMessage() + ".");
        }
    }

    /** Exactly so many octets of something that has begun. */
    ByteBuf rest(int count, String what) throws CaptureException {
        ByteBuf octets = Unpooled.buffer(count, Math.max(1, count));
        if (read(octets, count) < count) {
            throw new CaptureException(
                    name + " is cut off in " + what + ", at octet " + position + "; what came before it was read.");
        }
        return octets;
    }

    CaptureException damaged(String what) {
        return new CaptureException(
                name + " is damaged at octet " + position + ": " + what + "; what came before it was read.");
    }

    void close() {
        try {
            in.close();
        } catch (IOException e) {
            // Nothing was written: there is nothing to lose.
        }
    }
}
