// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Does once what the short-lived clients do, so that the archive which {@code bin/class-archive} makes of this run has
 * their classes: requests that are answered, errors, and their messages.
 */
final class ClientTraining {
    private static final List<String> REQUESTS = List.of("-s", "-i", "-c", "-s cache");
    private static final String FLOWS = """
            -A -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport 1 --dport 80 -t 60 --state ESTABLISHED -u SEEN_REPLY,ASSURED
            -A -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1 --dport 53 -t 60 -n 192.0.2.3
            -A -p icmpv6 -s 2001:db8::1 -d 2001:db8::2 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 1 -t 60
            """;
    private static final List<String> CONNTRACK = List.of(
            "-L",
            "-L -p tcp -s 192.0.2.0/24 -o extended,id",
            "-L -f ipv6 -o xml",
            "-L -n -o save",
            "-L expect",
            "-U -p udp -s 192.0.2.1 -m 1",
            "-D -p udp",
            "-C",
            "-S",
            "-F");
    private static final String CONFIGURATION = """
            Sync {
                Mode FTFW {
                    CommitTimeout 1800
                    PurgeTimeout 5
                }
                UDP {
                    IPv4_address 127.0.0.1
                    IPv4_Destination_Address 127.0.0.2
                    Port 3780
                    Interface lo
                    SndSocketBuffer 1249280
                    RcvSocketBuffer 1249280
                    Checksum on
                }
            }
            General {
                Nice -20
                HashSize 32768
                HashLimit 131072
                LogFile on
                Syslog on
                LockFile %1$s/lock
                UNIX {
                    Path %1$s/%2$s
                    Backlog 20
                }
                NetlinkBufferSize 2097152
                NetlinkBufferSizeMaxGrowth 8388608
                Filter From Userspace {
                    Protocol Accept {
                        TCP
                        UDP
                        ICMP
                    }
                    Address Ignore {
                        IPv4_address 127.0.0.1
                        IPv6_address ::1
                    }
                }
            }
            """;

    private ClientTraining() {}

    /** Runs the clients with files in this directory. Answers 0. */
    static int run(Path directory) {
        try {
            conntrackd(directory);
            conntrack(directory);
        } catch (IOException e) {
            System.err.println("client-training: " + e.getMessage());
            return 1;
        }
        return 0;
    }

    private static void conntrackd(Path directory) throws IOException {
        Path served = Files.writeString(directory.resolve("served.conf"), CONFIGURATION.formatted(directory, "ctl"));
        Path alone = Files.writeString(directory.resolve("alone.conf"), CONFIGURATION.formatted(directory, "none"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.resolve("ctl")));
            Thread thread = new Thread(() -> serve(server), "training-server");
            thread.setDaemon(true);
            thread.start();
            for (String request : REQUESTS) {
                command(served, request);
            }
        }
        command(alone, "-s");
        command(directory.resolve("missing.conf"), "-s");
        command(alone, "-s nonsense");
        command(alone, "-h");
        command(alone, "-v");
    }

    /** With flows in a network namespace of its own: the machine that packages is not looked at, and not changed. */
    private static void conntrack(Path directory) throws IOException {
        Path flows = Files.writeString(directory.resolve("flows"), FLOWS);
        try (NetworkNamespace own = NetworkNamespace.create("training")) {
            own.run(() -> {
                conntrack("-R " + flows);
                CONNTRACK.forEach(ClientTraining::conntrack);
            });
        } catch (LinuxException notRoot) {
            // The kernel refuses the first question; the way to it is what takes the time.
            conntrack("-L");
        }
        conntrack("-h");
        conntrack("-V");
        conntrack("-L -p tcp --dport 80 --nonsense");
    }

    private static void conntrack(String words) {
        Main.run(("conntrack " + words).split(" "));
    }

    private static void command(Path configuration, String words) {
        String line = "conntrackd -C " + configuration + " " + words;
        Main.run(line.split(" "));
    }

    private static void serve(ServerSocketChannel server) {
        for (int i = 0; i < REQUESTS.size(); i++) {
            try (SocketChannel client = server.accept()) {
                client.read(ByteBuffer.allocate(Integer.BYTES));
                client.write(ByteBuffer.wrap("an answer\n".getBytes(StandardCharsets.UTF_8)));
            } catch (IOException ended) {
                return;
            }
        }
    }
}
