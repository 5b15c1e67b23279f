// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.FtfwConfig;
import io.keepstate.ftfw.FtfwSession;
import io.keepstate.ftfw.Receiver;
import io.keepstate.ftfw.SessionSignal;
import io.keepstate.ftfw.channel.ChannelOpenException;
import io.keepstate.ftfw.channel.UdpChannel;
import io.keepstate.ftfw.channel.UdpChannelConfig;
import io.keepstate.linux.socket.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Shows {@code ftfw} alone: is the standby of a conntrackd or Keepstate node and prints the messages it sends, a type and
 * octets a line, as {@link CachedFlows} reads them. {@code SyncMessages OWN-ADDRESS PEER-ADDRESS PORT}.
 */
public final class SyncMessages implements Receiver {
    private SyncMessages() {}

    /** Takes own address, the peer's address and the port of both. */
    public static void main(String[] args) throws InterruptedException {
        SyncMessages end = new SyncMessages();
        FtfwSession session = new FtfwSession(FtfwConfig.defaults(), System.currentTimeMillis() / 1000);
        int port = Integer.parseInt(args[2]);
        int budget = 64;
        UdpChannelConfig ends = UdpChannelConfig.between(Endpoint.of(args[0], port), Endpoint.of(args[1], port));
        try (UdpChannel link = UdpChannel.open(ends)) {
            session.requestResync();
            while (true) {
                link.receive(
                        (datagram, high, low, from, now) -> session.receive(datagram, now, Encoder.NOTHING, end),
                        budget,
                        System.nanoTime());
                session.onDeadline(System.nanoTime(), end);
                session.transmit(System.nanoTime(), Encoder.NOTHING, link, budget);
                Thread.sleep(1); // a real program waits for link.fd() or session.nextDeadline() in an EventLoop
            }
        } catch (ChannelOpenException e) {
            System.err.println("sync messages: " + e.getMessage());
            System.exit(1);
        }
    }

    @Override
    public boolean onMessage(int type, ByteBuf payload) {
        System.out.println(type + " " + ByteBufUtil.hexDump(payload));
        return true;
    }

    @Override
    public void onResyncRequested() {} // there is nothing to offer

    @Override
    public void onSignal(SessionSignal signal) {
        System.err.println(signal);
    }
}
