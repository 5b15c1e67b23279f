// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LibC;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.libc.OwnedFd;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What all sockets of this package share: the descriptor, a little memory for addresses and options, and the options
 * of {@code SOL_SOCKET} ({@code include/uapi/asm-generic/socket.h}).
 */
final class SocketHandle implements AutoCloseable {
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;

    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int SO_DONTROUTE = 5;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_NO_CHECK = 11;
    private static final int SO_LINGER = 13;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final short POLLIN = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private static final int SCRATCH = 0;
    private static final int SCRATCH_LENGTH = SCRATCH + SocketAddresses.BYTES;
    private static final int MESSAGE = SCRATCH_LENGTH + 8;
    private static final int MESSAGE_BODY = MESSAGE + SendMessage.HEADER_BYTES;
    private static final int MEMORY_BYTES = MESSAGE_BODY + SendMessage.BODY_BYTES;

    private final LibC libc = CLibrary.libc();
    private final OwnedFd fd;
    private final ByteBuf memory;
    private final SendMessage message;

    private SocketHandle(OwnedFd fd) {
        this.fd = fd;
        this.memory = NativeMemory.allocate(MEMORY_BYTES);
        this.message = new SendMessage(memory, MESSAGE, MESSAGE_BODY);
    }

    /** Opens a non-blocking, close-on-exec socket; {@code what} names it in messages and says what it needs. */
    static SocketHandle open(int domain, int type, int protocol, String what) {
        int number = CLibrary.libc().socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        return new SocketHandle(new OwnedFd(CLibrary.check("socket", number, what), what));
    }

    int fd() {
        return fd.number();
    }

    void bind(Endpoint endpoint) {
        int length = SocketAddresses.put(memory, SCRATCH, endpoint);
        CLibrary.check("bind", libc.bind(fd(), address(SCRATCH), length), endpoint.toString());
    }

    void connect(Endpoint endpoint) {
        int length = SocketAddresses.put(memory, SCRATCH, endpoint);
        CLibrary.check("connect", libc.connect(fd(), address(SCRATCH), length), endpoint.toString());
    }

    /** Begins to connect; answers 0, EINPROGRESS or the error number of a network that does not lead there. */
    int beginConnect(Endpoint endpoint) {
        int length = SocketAddresses.put(memory, SCRATCH, endpoint);
        return libc.connect(fd(), address(SCRATCH), length) == -1 ? CLibrary.errno() : 0;
    }

    /** The error the network left on the socket, which this clears; 0 if there is none. */
    int takeError() {
        return get(SOL_SOCKET, SO_ERROR, "SO_ERROR");
    }

    void listen(int backlog, Endpoint local) {
        CLibrary.check("listen", libc.listen(fd(), backlog), local.toString());
    }

    /**
     * Takes the next connection of a listening socket, non-blocking and close-on-exec.
     *
     * @param maker makes the connection of its socket and the other side's address
     * @return null if none waits, or the one that waited is gone
     */
    <T> @Nullable T accept(BiFunction<SocketHandle, Endpoint, T> maker) {
        memory.setIntLE(SCRATCH_LENGTH, SocketAddresses.BYTES);
        int number = libc.accept4(fd(), address(SCRATCH), address(SCRATCH_LENGTH), SOCK_NONBLOCK | SOCK_CLOEXEC);
        int errno = number == -1 ? CLibrary.errno() : 0;
        switch (errno) {
            case 0 -> {
                SocketHandle accepted = new SocketHandle(new OwnedFd(number, "accepted TCP connection"));
                return maker.apply(accepted, SocketAddresses.get(memory, SCRATCH));
            }
            // What the network did to the connection before it was accepted is reported here too, accept(2).
            case Errno.EBADF, Errno.EFAULT, Errno.EINVAL, Errno.ENOTSOCK, Errno.EMFILE ->
                throw new LinuxException("accept4", errno);
            default -> {
                return null;
            }
        }
    }

    /** Binds to a {@code sockaddr_nl} or {@code sockaddr_ll} that {@code layout} writes at the offset it is given. */
    void bind(int length, String what, AddressLayout layout) {
        layout.write(memory, SCRATCH);
        CLibrary.check("bind", libc.bind(fd(), address(SCRATCH), length), what);
    }

    /** The local address, read by {@code reader} at the offset it is given. */
    <T> T localAddress(AddressReader<T> reader) {
        memory.setIntLE(SCRATCH_LENGTH, SocketAddresses.BYTES);
        CLibrary.check("getsockname", libc.getsockname(fd(), address(SCRATCH), address(SCRATCH_LENGTH)));
        return reader.read(memory, SCRATCH);
    }

    Endpoint localEndpoint() {
        return localAddress(SocketAddresses::get);
    }

    void set(int level, int name, int value, String option) {
        int errno = trySet(level, name, value);
        if (errno != 0) {
            throw new LinuxException("setsockopt(" + option + ")", errno, "value " + value);
        }
    }

    /** Sets an option and answers 0 or the error number. */
    int trySet(int level, int name, int value) {
        memory.setIntLE(SCRATCH, value);
        return libc.setsockopt(fd(), level, name, address(SCRATCH), Integer.BYTES) == -1 ? CLibrary.errno() : 0;
    }

    /** Sets an option that is a structure, which {@code layout} writes at the offset it is given. */
    void set(int level, int name, int length, String option, String what, AddressLayout layout) {
        memory.setZero(SCRATCH, SocketAddresses.BYTES);
        layout.write(memory, SCRATCH);
        int result = libc.setsockopt(fd(), level, name, address(SCRATCH), length);
        CLibrary.check("setsockopt(" + option + ")", result, what);
    }

    int get(int level, int name, String option) {
        memory.setIntLE(SCRATCH_LENGTH, Integer.BYTES);
        int result = libc.getsockopt(fd(), level, name, address(SCRATCH), address(SCRATCH_LENGTH));
        CLibrary.check("getsockopt(" + option + ")", result);
        return memory.getIntLE(SCRATCH);
    }

    /** Asks for a receive buffer, beyond rmem_max where privileges allow, and answers what the kernel made of it. */
    int receiveBuffer(int bytes) {
        if (trySet(SOL_SOCKET, SO_RCVBUFFORCE, bytes) != 0) {
            set(SOL_SOCKET, SO_RCVBUF, bytes, "SO_RCVBUF");
        }
        return receiveBuffer();
    }

    int receiveBuffer() {
        return get(SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF");
    }

    /** As {@link #receiveBuffer(int)}, for sending. */
    int sendBuffer(int bytes) {
        if (trySet(SOL_SOCKET, SO_SNDBUFFORCE, bytes) != 0) {
            set(SOL_SOCKET, SO_SNDBUF, bytes, "SO_SNDBUF");
        }
        return get(SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF");
    }

    void keepAlive() {
        set(SOL_SOCKET, SO_KEEPALIVE, 1, "SO_KEEPALIVE");
    }

    /** Lets close() reset the connection and forget what has not been sent. */
    void resetOnClose() {
        // struct linger: on, 0 seconds
        set(SOL_SOCKET, SO_LINGER, 2 * Integer.BYTES, "SO_LINGER", "0 s", (out, at) -> out.setIntLE(at, 1));
    }

    void reuseAddress() {
        set(SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
    }

    void dontRoute() {
        set(SOL_SOCKET, SO_DONTROUTE, 1, "SO_DONTROUTE");
    }

    void noChecksum() {
        set(SOL_SOCKET, SO_NO_CHECK, 1, "SO_NO_CHECK");
    }

    void bindToDevice(String interfaceName) {
        byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > NetworkInterfaces.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("not an interface name: '" + interfaceName + "' (1 to 15 octets)");
        }
        set(
                SOL_SOCKET,
                SO_BINDTODEVICE,
                name.length + 1,
                "SO_BINDTODEVICE",
                interfaceName,
                (out, at) -> out.setBytes(at, name));
    }

    void attachFilter(SocketFilter filter) {
        ByteBuf program = NativeMemory.allocate(filter.length() * SocketFilter.INSTRUCTION_BYTES);
        try {
            filter.write(program, 0);
            // struct sock_fprog: unsigned short len; struct sock_filter *filter
            set(SOL_SOCKET, SO_ATTACH_FILTER, 16, "SO_ATTACH_FILTER", filter.length() + " instructions", (out, at) -> {
                out.setShortLE(at, filter.length());
                out.setLongLE(at + 8, program.memoryAddress());
            });
        } finally {
            program.release();
        }
    }

    boolean awaitReadable(int timeoutMillis) {
        // struct pollfd: fd, events, revents
        memory.setIntLE(SCRATCH, fd()).setShortLE(SCRATCH + 4, POLLIN).setShortLE(SCRATCH + 6, 0);
        int ready = libc.poll(address(SCRATCH), 1, timeoutMillis);
        int errno = ready == -1 ? CLibrary.errno() : 0;
        if (errno != 0 && errno != Errno.EINTR) {
            throw new LinuxException("poll", errno);
        }
        return ready > 0;
    }

    /** Sends to the connected peer, or where the protocol needs no address. */
    int send(ByteBuf payload) {
        int length = payload.readableBytes();
        long sent = libc.send(fd(), NativeMemory.readableAddress(payload), length, MSG_DONTWAIT | MSG_NOSIGNAL);
        return sent >= 0 ? (int) sent : negativeErrno("send");
    }

    /** Reads what is there of a stream, up to the buffer's room; 0 at its end, else octets or a negative error number. */
    int read(ByteBuf into) {
        int room = into.writableBytes();
        long address = NativeMemory.readableAddress(into) - into.readerIndex() + into.writerIndex();
        long count = libc.read(fd(), address, room);
        if (count < 0) {
            return negativeErrno("read");
        }
        into.writerIndex(into.writerIndex() + (int) count);
        return (int) count;
    }

    int send(ByteBuf payload, Endpoint to) {
        return send(payload, message.to(to));
    }

    int send(ByteBuf payload, Endpoint to, Endpoint from) {
        return send(payload, message.to(to).from(from));
    }

    int send(ByteBuf payload, Endpoint to, Endpoint from, int hopLimit) {
        return send(payload, message.to(to).from(from).hopLimit(hopLimit));
    }

    int sendByInterface(ByteBuf frame, int interfaceIndex) {
        return send(frame, message.toInterface(interfaceIndex));
    }

    int sendToPortId(ByteBuf payload, long portId) {
        return send(payload, message.toPortId(portId));
    }

    private int send(ByteBuf payload, SendMessage addressed) {
        long sent = libc.sendmsg(fd(), addressed.address(payload), MSG_DONTWAIT | MSG_NOSIGNAL);
        return sent >= 0 ? (int) sent : negativeErrno("sendmsg");
    }

    /**
     * Sends messages that lie one behind the other.
     *
     * @return how many the kernel took, or the negative error number of the first one if it took none
     */
    int sendMany(long address, int count) {
        int sent = libc.sendmmsg(fd(), address, count, MSG_DONTWAIT | MSG_NOSIGNAL);
        return sent >= 0 ? sent : negativeErrno("sendmmsg");
    }

    /** Tells failures of the network, which are values, from mistakes of the caller, which are exceptions. */
    private static int negativeErrno(String call) {
        int errno = CLibrary.errno();
        switch (errno) {
            case Errno.EBADF, Errno.EFAULT, Errno.EINVAL, Errno.ENOTSOCK, Errno.EAFNOSUPPORT, Errno.EDESTADDRREQ ->
                throw new LinuxException(call, errno);
            default -> {
                return -errno;
            }
        }
    }

    private long address(int offset) {
        return memory.memoryAddress() + offset;
    }

    boolean isOpen() {
        return fd.isOpen();
    }

    @Override
    public void close() {
        if (fd.isOpen()) {
            fd.close();
            memory.release();
        }
    }

    /** Writes a structure at an offset. */
    interface AddressLayout {
        void write(ByteBuf out, int at);
    }

    /** Reads a structure at an offset. */
    interface AddressReader<T> {
        T read(ByteBuf in, int at);
    }
}
