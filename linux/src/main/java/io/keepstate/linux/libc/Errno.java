// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

/**
 * Error numbers of Linux on x86-64 and arm64, with their symbolic names.
 *
 * <p>Source: {@code include/uapi/asm-generic/errno-base.h} and {@code errno.h}; the texts are those of the C library.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENOSYS = 38;
    public static final int EPROTO = 71;
    public static final int ENOTSOCK = 88;
    public static final int EDESTADDRREQ = 89;
    public static final int EMSGSIZE = 90;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;
    public static final int EINPROGRESS = 115;

    private static final int LIMIT = 134;
    private static final String[] NAMES = new String[LIMIT];
    private static final String[] TEXTS = new String[LIMIT];

    static {
        String table = """
                1 EPERM Operation not permitted
                2 ENOENT No such file or directory
                3 ESRCH No such process
                4 EINTR Interrupted system call
                5 EIO Input/output error
                6 ENXIO No such device or address
                7 E2BIG Argument list too long
                8 ENOEXEC Exec format error
                9 EBADF Bad file descriptor
                10 ECHILD No child processes
                11 EAGAIN Resource temporarily unavailable
                12 ENOMEM Cannot allocate memory
                13 EACCES Permission denied
                14 EFAULT Bad address
                15 ENOTBLK Block device required
                16 EBUSY Device or resource busy
                17 EEXIST File exists
                18 EXDEV Invalid cross-device link
                19 ENODEV No such device
                20 ENOTDIR Not a directory
                21 EISDIR Is a directory
                22 EINVAL Invalid argument
                23 ENFILE Too many open files in system
                24 EMFILE Too many open files
                25 ENOTTY Inappropriate ioctl for device
                26 ETXTBSY Text file busy
                27 EFBIG File too large
                28 ENOSPC No space left on device
                29 ESPIPE Illegal seek
                30 EROFS Read-only file system
                31 EMLINK Too many links
                32 EPIPE Broken pipe
                33 EDOM Numerical argument out of domain
                34 ERANGE Numerical result out of range
                35 EDEADLK Resource deadlock avoided
                36 ENAMETOOLONG File name too long
                37 ENOLCK No locks available
                38 ENOSYS Function not implemented
                39 ENOTEMPTY Directory not empty
                40 ELOOP Too many levels of symbolic links
                42 ENOMSG No message of desired type
                43 EIDRM Identifier removed
                44 ECHRNG Channel number out of range
                61 ENODATA No data available
                71 EPROTO Protocol error
                74 EBADMSG Bad message
                75 EOVERFLOW Value too large for defined data type
                84 EILSEQ Invalid or incomplete multibyte or wide character
                85 ERESTART Interrupted system call should be restarted
                86 ESTRPIPE Streams pipe error
                87 EUSERS Too many users
                88 ENOTSOCK Socket operation on non-socket
                89 EDESTADDRREQ Destination address required
                90 EMSGSIZE Message too long
                91 EPROTOTYPE Protocol wrong type for socket
                92 ENOPROTOOPT Protocol not available
                93 EPROTONOSUPPORT Protocol not supported
                94 ESOCKTNOSUPPORT Socket type not supported
                95 EOPNOTSUPP Operation not supported
                96 EPFNOSUPPORT Protocol family not supported
                97 EAFNOSUPPORT Address family not supported by protocol
                98 EADDRINUSE Address already in use
                99 EADDRNOTAVAIL Cannot assign requested address
                100 ENETDOWN Network is down
                101 ENETUNREACH Network is unreachable
                102 ENETRESET Network dropped connection on reset
                103 ECONNABORTED Software caused connection abort
                104 ECONNRESET Connection reset by peer
                105 ENOBUFS No buffer space available
                106 EISCONN Transport endpoint is already connected
                107 ENOTCONN Transport endpoint is not connected
                108 ESHUTDOWN Cannot send after transport endpoint shutdown
                109 ETOOMANYREFS Too many references: cannot splice
                110 ETIMEDOUT Connection timed out
                111 ECONNREFUSED Connection refused
                112 EHOSTDOWN Host is down
                113 EHOSTUNREACH No route to host
                114 EALREADY Operation already in progress
                115 EINPROGRESS Operation now in progress
                116 ESTALE Stale file handle
                122 EDQUOT Disk quota exceeded
                125 ECANCELED Operation canceled
                """;
        table.lines().forEach(line -> {
            String[] parts = line.split(" ", 3);
            int number = Integer.parseInt(parts[0]);
            NAMES[number] = parts[1];
            TEXTS[number] = parts[2];
        });
    }

    private Errno() {}

    /** The symbolic name, such as {@code EADDRINUSE}; {@code errno 4711} for a number without one. */
    public static String name(int errno) {
        return isKnown(errno) ? NAMES[errno] : "errno " + errno;
    }

    /** Name and text: {@code EADDRINUSE (Address already in use)}. */
    public static String describe(int errno) {
        return isKnown(errno) ? NAMES[errno] + " (" + TEXTS[errno] + ")" : name(errno);
    }

    private static boolean isKnown(int errno) {
        return errno > 0 && errno < LIMIT && NAMES[errno] != null;
    }
}
