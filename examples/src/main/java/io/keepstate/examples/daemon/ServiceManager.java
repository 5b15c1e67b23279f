// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how the daemon is (sd_notify(3)): one datagram a state, to the socket it names in {@code
 * NOTIFY_SOCKET}. Says nothing where there is none. Thread-safe; never waits.
 */
final class ServiceManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final long NANOS_PER_MICRO = 1_000;

    private final Optional<UnixSocketAddress> address;
    private final Optional<Duration> watchdog;
    private @Nullable UnixDatagramChannel channel;
    private boolean warned;

    private ServiceManager(Optional<UnixSocketAddress> address, Optional<Duration> watchdog) {
        this.address = address;
        this.watchdog = watchdog;
    }

    /** There is none, or it is not to be told. */
    static ServiceManager none() {
        return new ServiceManager(Optional.empty(), Optional.empty());
    }

    /** The one of this environment. */
    static ServiceManager of(Map<String, String> environment) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (socket.isEmpty() || (socket.charAt(0) != '/' && socket.charAt(0) != '@')) {
            return none();
        }
        // A name in the abstract namespace (unix(7)) begins with a NUL, which no variable can hold.
        String path = socket.charAt(0) == '@' ? '\0' + socket.substring(1) : socket;
        return new ServiceManager(Optional.of(new UnixSocketAddress(new File(path))), watchdog(environment));
    }

    private static Optional<Duration> watchdog(Map<String, String> environment) {
        String forProcess = environment.getOrDefault("WATCHDOG_PID", "");
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean ours = forProcess.isEmpty()
                || forProcess.equals(Long.toString(ProcessHandle.current().pid()));
        return ours && micros.matches("[1-9][0-9]{0,15}")
                ? Optional.of(Duration.ofNanos(Long.parseLong(micros) * NANOS_PER_MICRO))
                : Optional.empty();
    }

    /** Within which it must hear of us again and again, if it watches. */
    Optional<Duration> watchdog() {
        return watchdog;
    }

    /** The daemon serves. */
    void ready(String status) {
        tell("READY=1\nMAINPID=" + ProcessHandle.current().pid() + "\nSTATUS=" + status);
    }

    /** One line for who looks at the service. */
    void status(String status) {
        tell("STATUS=" + status);
    }

    /** The daemon is alive. */
    void alive() {
        tell("WATCHDOG=1");
    }

    /** The daemon ends. */
    void stopping() {
        tell("STOPPING=1\nSTATUS=ending");
    }

    private synchronized void tell(String state) {
        if (address.isEmpty()) {
            return;
        }
        try {
            UnixDatagramChannel open = channel;
            if (open == null) {
                open = UnixDatagramChannel.open();
                open.configureBlocking(false);
                channel = open;
            }
            open.send(ByteBuffer.wrap(state.getBytes(StandardCharsets.UTF_8)), address.get());
        } catch (IOException | RuntimeException notTaken) {
            if (!warned) {
                warned = true;
                LOG.warn(
                        "the service manager is not told \"{}\": {}",
                        state.lines().findFirst().orElse(""),
                        notTaken.getMessage());
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
