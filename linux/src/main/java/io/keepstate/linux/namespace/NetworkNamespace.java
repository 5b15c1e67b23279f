// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.namespace;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.LibC;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.libc.OwnedFd;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * A network namespace, held open by a descriptor, with a thread of its own to run things inside.
 *
 * <p>A namespace belongs to a thread, not to a process: sockets opened by {@link #call} live in this namespace wherever
 * they are used later. Threads and processes started from inside inherit it; {@link #newThread} makes threads that enter
 * it by themselves. A namespace made by {@link #create} has no name and ends with its last thread, process, socket and
 * descriptor, so that nothing outlives the JVM.
 *
 * <p>Needs CAP_SYS_ADMIN (root, or root of a user namespace). Thread-safe. Source: network_namespaces(7), setns(2).
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_CLOEXEC = 0x80000;
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_NETNS_COOKIE = 71;
    private static final String OWN = "/proc/thread-self/ns/net";

    private final String name;
    private final OwnedFd fd;
    private final NamespaceThread thread;

    private NetworkNamespace(String name, OwnedFd fd) {
        this.name = name;
        this.fd = fd;
        int number = fd.number();
        try {
            this.thread = new NamespaceThread("netns-" + name, () -> enter(number));
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Makes a new, anonymous namespace with a loopback interface that is down.
     *
     * @param name for messages and thread names only
     */
    public static NetworkNamespace create(String name) {
        // A thread that only unshares and ends: the caller's own namespace must not change.
        NamespaceThread maker = new NamespaceThread("netns-make-" + name, () -> {
            int result = CLibrary.libc().unshare(CLONE_NEWNET);
            CLibrary.check("unshare(CLONE_NEWNET)", result, "a network namespace needs root (CAP_SYS_ADMIN)");
        });
        try {
            return new NetworkNamespace(name, maker.get(() -> openFd(OWN)));
        } finally {
            maker.close();
        }
    }

    /** Opens an existing namespace, such as {@code /run/netns/blue} or {@code /proc/PID/ns/net}. */
    public static NetworkNamespace open(Path path) {
        return new NetworkNamespace(path.toString(), openFd(path.toString()));
    }

    /** Opens the namespace of a process. */
    public static NetworkNamespace ofProcess(long pid) {
        return new NetworkNamespace("pid-" + pid, openFd("/proc/" + pid + "/ns/net"));
    }

    /** Opens the namespace the calling thread is in. */
    public static NetworkNamespace current() {
        return new NetworkNamespace("current", openFd(OWN));
    }

    /**
     * A number that tells the calling thread's namespace from all others, also from later ones: the kernel's cookie, or
     * before Linux 5.14 the inode number, which may be used again.
     */
    public static long currentId() {
        LibC libc = CLibrary.libc();
        int number = CLibrary.check("socket", libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        ByteBuf memory = NativeMemory.allocate(2 * Long.BYTES).setIntLE(Long.BYTES, Long.BYTES);
        try (OwnedFd socket = new OwnedFd(number, "socket of the network namespace")) {
            long address = memory.memoryAddress();
            int result = libc.getsockopt(socket.number(), SOL_SOCKET, SO_NETNS_COOKIE, address, address + Long.BYTES);
            return result == 0 ? memory.getLongLE(0) : inode();
        } finally {
            memory.release();
        }
    }

    private static long inode() {
        try {
            return (Long) Files.getAttribute(Path.of(OWN), "unix:ino");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + OWN + " (is /proc mounted?)", e);
        }
    }

    private static OwnedFd openFd(String path) {
        ByteBuf text = NativeMemory.cString(path);
        try {
            int fd = CLibrary.check("open", CLibrary.libc().open(text.memoryAddress(), O_CLOEXEC, 0), path);
            return new OwnedFd(fd, "network namespace " + path);
        } finally {
            text.release();
        }
    }

    private static void enter(int namespaceFd) {
        int result = CLibrary.libc().setns(namespaceFd, CLONE_NEWNET);
        CLibrary.check("setns(CLONE_NEWNET)", result, "entering a network namespace needs root (CAP_SYS_ADMIN)");
    }

    public String name() {
        return name;
    }

    /** The descriptor that holds the namespace, for moving links into it. */
    public int fd() {
        return fd.number();
    }

    /** A path by which other processes can enter the namespace while this object is open, as with nsenter(1). */
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + fd.number());
    }

    /**
     * Runs a task on the namespace's own thread and waits for it; tasks of several callers run one after the other. From
     * that thread itself the task runs directly.
     */
    public <T> T call(Callable<T> task) throws Exception {
        return thread.call(task);
    }

    /** As {@link #call} for tasks without checked exceptions. */
    public <T> T get(UncheckedTask<T> task) {
        return thread.get(task);
    }

    /** As {@link #get} for tasks without a result. */
    public void run(Runnable task) {
        thread.get(() -> {
            task.run();
            return Boolean.TRUE;
        });
    }

    /** A daemon thread, not started, that enters this namespace before it runs the task. */
    public Thread newThread(String threadName, Runnable task) {
        int number = fd.number();
        Thread inside = new Thread(
                () -> {
                    enter(number);
                    task.run();
                },
                threadName);
        inside.setDaemon(true);
        return inside;
    }

    /**
     * Moves the calling thread into this namespace for good.
     *
     * @throws LinuxException EPERM without CAP_SYS_ADMIN
     */
    public void enterThisThread() {
        enter(fd.number());
    }

    /** Ends the thread and lets the namespace go; the kernel removes it once nothing else holds it. */
    @Override
    public void close() {
        thread.close();
        fd.close();
    }

    @Override
    public String toString() {
        return "network namespace " + name;
    }

    /** A task that throws nothing to declare. */
    @FunctionalInterface
    public interface UncheckedTask<T> {
        T run();
    }
}
