// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.PacketSocket;
import io.netty.buffer.ByteBufUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Keeps every frame that came in by the links of a namespace. */
final class Wiretap implements AutoCloseable {
    private static final int ETHERNET = 14;
    private static final int IPV4 = ETHERNET + 20;
    private static final int BUDGET = 64;

    private final List<Frame> frames = new CopyOnWriteArrayList<>();
    private final Map<Integer, String> ports = new HashMap<>();
    private final PacketSocket socket;
    private final Thread thread;
    private volatile boolean closed;

    Wiretap(LabNamespace wires) {
        wires.route(Rtnetlink::links).forEach(link -> ports.put(link.index(), link.name()));
        socket = wires.get(() -> PacketSocket.openReceiver(PacketSocket.ETH_P_ALL, 0));
        thread = new Thread(this::listen, "wiretap");
        thread.setDaemon(true);
        thread.start();
    }

    /** A frame, from the destination MAC on, and when and where it came in. */
    record Frame(long nanos, String port, byte[] octets) {
        int octet(int at) {
            return at < octets.length ? octets[at] & 0xff : 0;
        }

        int two(int at) {
            return octet(at) << 8 | octet(at + 1);
        }

        /** An IPv4 address in the frame. */
        String address(int at) {
            return octet(at) + "." + octet(at + 1) + "." + octet(at + 2) + "." + octet(at + 3);
        }

        boolean isAdvert() {
            return two(12) == 0x0800 && octet(ETHERNET + 9) == 112;
        }

        /** An octet of the VRRP message behind an IPv4 header without options. */
        int advert(int at) {
            return octet(IPV4 + at);
        }

        /** UDP of the sync link. */
        boolean isSync() {
            return two(12) == 0x0800 && octet(ETHERNET + 9) == 17 && two(IPV4 + 2) == 3780;
        }

        int udpChecksum() {
            return two(IPV4 + 6);
        }

        String source() {
            return address(ETHERNET + 12);
        }

        String destination() {
            return address(ETHERNET + 16);
        }

        /** A gratuitous ARP for this address. */
        boolean announces(String address) {
            return two(12) == 0x0806
                    && address(28).equals(address)
                    && address(38).equals(address);
        }
    }

    List<Frame> frames(Predicate<Frame> wanted) {
        return frames.stream().filter(wanted).toList();
    }

    private void listen() {
        while (!closed) {
            int got = socket.receive(
                    (frame, index, outgoing) -> {
                        if (!outgoing) {
                            frames.add(new Frame(
                                    System.nanoTime(), ports.getOrDefault(index, "?"), ByteBufUtil.getBytes(frame)));
                        }
                    },
                    BUDGET);
            if (got <= 0) {
                try {
                    Thread.sleep(2);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }
}
