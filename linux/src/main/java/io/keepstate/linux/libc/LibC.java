// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.types.intptr_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The C library calls Keepstate makes, and no others; the only native interface of the project.
 *
 * <p>Every parameter is a primitive: addresses are {@code @intptr_t long}, taken from direct buffers
 * ({@link NativeMemory}), structures are laid out by the caller at plain offsets. Variadic functions
 * ({@code open}) are declared with the parameters we pass, which the calling conventions of x86-64 and
 * arm64 Linux allow. No call has more than five parameters: jnr-ffi 2.2.19 passes garbage as the sixth where it
 * generates stubs for x86-64 (hence sendmsg, not sendto). A result of -1 means that {@link CLibrary#errno()} holds the reason, readable on the same thread
 * until the next call.
 *
 * <p>A wrong address ends the JVM: callers check index and length before each call. The interface is public because
 * jnr-ffi generates its implementation in another package.
 */
// MemberName: jnr-ffi binds a method to the C symbol of the same name.
@SuppressWarnings("MemberName")
public interface LibC {
    int socket(int domain, int type, int protocol);

    int close(int fd);

    int bind(int fd, @intptr_t long address, int length);

    int connect(int fd, @intptr_t long address, int length);

    int listen(int fd, int backlog);

    int accept4(int fd, @intptr_t long address, @intptr_t long length, int flags);

    int getsockname(int fd, @intptr_t long address, @intptr_t long length);

    int setsockopt(int fd, int level, int name, @intptr_t long value, int length);

    int getsockopt(int fd, int level, int name, @intptr_t long value, @intptr_t long length);

    @ssize_t
    long send(int fd, @intptr_t long buffer, @size_t long length, int flags);

    @ssize_t
    long sendmsg(int fd, @intptr_t long msghdr, int flags);

    int sendmmsg(int fd, @intptr_t long vector, int count, int flags);

    int recvmmsg(int fd, @intptr_t long vector, int count, int flags, @intptr_t long timeout);

    @ssize_t
    long read(int fd, @intptr_t long buffer, @size_t long length);

    @ssize_t
    long write(int fd, @intptr_t long buffer, @size_t long length);

    int open(@intptr_t long path, int flags, int mode);

    /** A negative process number means the process group of its absolute value. */
    int kill(int pid, int signal);

    int inotify_init1(int flags);

    int inotify_add_watch(int fd, @intptr_t long path, int mask);

    int inotify_rm_watch(int fd, int watch);

    int mkfifo(@intptr_t long path, int mode);

    int poll(@intptr_t long pollfds, @intptr_t long count, int timeoutMillis);

    int epoll_create1(int flags);

    int epoll_ctl(int epfd, int operation, int fd, @intptr_t long event);

    int epoll_wait(int epfd, @intptr_t long events, int maxEvents, int timeoutMillis);

    int eventfd(int initialValue, int flags);

    int signalfd(int fd, @intptr_t long mask, int flags);

    /** Returns the error number itself, not -1. */
    int pthread_sigmask(int how, @intptr_t long set, @intptr_t long previous);

    int chdir(@intptr_t long path);

    int unshare(int flags);

    int setns(int fd, int type);

    /** The interface's number in the calling thread's network namespace, or 0 with errno set. */
    int if_nametoindex(@intptr_t long name);

    int sched_setscheduler(int tid, int policy, @intptr_t long parameter);

    int sched_getscheduler(int tid);

    int setpriority(int which, int who, int priority);

    int mlockall(int flags);

    int munlockall();

    @IgnoreError
    int gettid();

    @IgnoreError
    int geteuid();
}
