// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

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
            conntrack();
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

    /** Only what does not look at the machine that packages. */
    private static void conntrack() {
        Main.run(new String[] {"conntrack", "-h"});
        Main.run(new String[] {"conntrack", "-V"});
        Main.run(new String[] {"conntrack", "-L", "-p", "tcp", "--dport", "80", "--nonsense"});
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
