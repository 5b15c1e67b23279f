// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.keepstate.linux.lab.BareClassPath;
import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;
import org.junit.jupiter.api.Test;

/** Who brings a transport of its own gets no native jars: a session runs on this module and netty-buffer alone. */
class WithoutNativeCodeTest {

    @Test
    void sessionsRunWithoutTheLinuxModuleOnTheClassPath() throws Exception {
        try (BareClassPath bare = BareClassPath.of(
                FtfwSession.class, WithoutNativeCodeTest.class, ByteBuf.class, ReferenceCounted.class)) {
            assertThat(bare.holds("io.keepstate.ftfw.FtfwSession")).isTrue();
            assertThat(bare.holds("io.keepstate.linux.socket.UdpSocket")).isFalse();
            assertThat(bare.holds("jnr.ffi.Pointer")).isFalse();
            assertThatCode(() -> bare.run(Delivery.class)).doesNotThrowAnyException();
        }
    }

    /** One session sends an object, the other gets it and acknowledges, and the first lets go of it. */
    public static final class Delivery implements Runnable, Encoder, Receiver {
        private static final long OBJECT = 7;

        private boolean received;
        private boolean released;

        @Override
        public void run() {
            FtfwConfig config = FtfwConfig.defaults().withAckWindowSize(1);
            FtfwSession sender = new FtfwSession(config, 1);
            FtfwSession receiver = new FtfwSession(config, 1);
            sender.enqueue(OBJECT);
            for (long second = 1; second <= 10; second++) {
                long now = second * 1_000_000_000L;
                sender.transmit(now, this, datagram -> deliver(receiver, datagram, now), 100);
                receiver.transmit(now, Encoder.NOTHING, datagram -> deliver(sender, datagram, now), 100);
            }
            if (!received || !released) {
                throw new IllegalStateException("received " + received + ", released " + released);
            }
        }

        private boolean deliver(FtfwSession to, ByteBuf datagram, long now) {
            to.receive(datagram, now, this, this);
            return true;
        }

        @Override
        public int encode(long handle, ByteBuf out) {
            out.writeLong(handle);
            return NetHeader.CT_NEW;
        }

        @Override
        public void released(long handle) {
            released = handle == OBJECT;
        }

        @Override
        public boolean onMessage(int type, ByteBuf payload) {
            received = payload.getLong(payload.readerIndex()) == OBJECT;
            return true;
        }

        @Override
        public void onResyncRequested() {
            throw new IllegalStateException("nobody asked");
        }

        @Override
        public void onSignal(SessionSignal signal) {
            // the handshake, of no interest here
        }
    }
}
