// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.examples.dump.capture.CaptureException;
import io.keepstate.examples.dump.capture.Frame;
import io.keepstate.examples.dump.capture.LinkType;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.socket.NetworkInterfaces;
import io.keepstate.linux.socket.PacketSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/** Frames from an interface until SIGINT or SIGTERM, which end the process with the exit code that is due then. */
final class LiveCapture {
    private static final int BUDGET = 64;
    private static final int RECEIVE_BUFFER = 4 << 20;
    /** linux/if_arp.h. */
    private static final int ARPHRD_ETHER = 1;

    private static final int ARPHRD_LOOPBACK = 772;
    private static final int ARPHRD_NONE = 65_534;

    private final String interfaceName;
    private final long count;
    private final Predicate<Frame> out;
    private final IntSupplier exitCode;
    private int linkType;
    private boolean loopback;
    private long number;

    /**
     * Listens when it is told to {@link #run}.
     *
     * @param out takes a frame and says whether to go on
     */
    LiveCapture(String interfaceName, long count, Predicate<Frame> out, IntSupplier exitCode) {
        this.interfaceName = interfaceName;
        this.count = count;
        this.out = out;
        this.exitCode = exitCode;
    }

    /** Returns after {@code count} frames, or when nobody wants more; otherwise a signal ends the process. */
    void run() throws CaptureException {
        linkType = linkType();
        try (PacketSocket socket =
                        PacketSocket.openReceiver(PacketSocket.ETH_P_ALL, NetworkInterfaces.index(interfaceName));
                EventLoop loop = new EventLoop("dump", DutyCycle.NONE, (part, failures, last) -> System.exit(2))) {
            socket.receiveBuffer(RECEIVE_BUFFER);
            // Groups that nobody on this machine joined reach the socket as well.
            socket.receiveAllMulticast(NetworkInterfaces.index(interfaceName));
            loop.register(
                    socket,
                    interfaceName,
                    Readiness.READ,
                    (readiness, now) ->
                            socket.receive((frame, index, outgoing) -> take(loop, frame, outgoing), BUDGET));
            Thread hook = new Thread(() -> Runtime.getRuntime().halt(exitCode.getAsInt()), "end of dump");
            Runtime.getRuntime().addShutdownHook(hook);
            loop.run();
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (LinuxException e) {
            throw new CaptureException("cannot listen on " + interfaceName + ": " + e.getMessage() + ".");
        }
    }

    private void take(EventLoop loop, ByteBuf frame, boolean outgoing) {
        // On a loopback interface each frame is seen twice: when it leaves, and when it arrives.
        if (loop.isStopped() || (outgoing && loopback)) {
            return;
        }
        number++;
        ByteBuf copy = Unpooled.copiedBuffer(frame);
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        boolean more = out.test(new Frame(number, micros, linkType, copy, copy.readableBytes()));
        if (!more || number == count) {
            loop.stop();
        }
    }

    private int linkType() throws CaptureException {
        Path type = Path.of("/sys/class/net", interfaceName, "type");
        if (interfaceName.contains("/") || NetworkInterfaces.find(interfaceName) == 0) {
            throw new CaptureException(
                    "there is no interface " + interfaceName + " in this network namespace: `ip link' lists them.");
        }
        try {
            int hardware = Integer.parseInt(Files.readString(type).strip());
            loopback = hardware == ARPHRD_LOOPBACK;
            return switch (hardware) {
                case ARPHRD_ETHER, ARPHRD_LOOPBACK -> LinkType.ETHERNET;
                case ARPHRD_NONE -> LinkType.RAW;
                default ->
                    throw new CaptureException(interfaceName + " is neither an Ethernet nor a raw IP interface: dump a"
                            + " capture of `tcpdump -i " + interfaceName + " -w FILE' instead.");
            };
        } catch (IOException e) {
            // sysfs shows the interfaces of the namespace it was mounted in, which may be another one.
            return LinkType.ETHERNET;
        }
    }
}
