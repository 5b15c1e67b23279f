// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A connection to port 2121 within one namespace, on which a helper of FTP finds a data connection announced. */
final class LoopbackFtp {
    /** Rules that give the connection its helper, and the label 1. */
    static final String RULES = """
            table ip t {
                ct helper ftp { type "ftp" protocol tcp; }
                chain out {
                    type filter hook output priority 0
                    tcp dport 2121 ct helper set "ftp"
                    tcp dport 2121 ct label set 1
                }
            }
            """;

    private LoopbackFtp() {}

    /** The helper looks only where an earlier line ended, so there must be one before it expects something. */
    static void announce() throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(2121, 1, here);
                Socket client = new Socket(here, 2121, here, 4000);
                Socket accepted = server.accept()) {
            BufferedReader heard =
                    new BufferedReader(new InputStreamReader(accepted.getInputStream(), StandardCharsets.US_ASCII));
            for (String line : List.of("USER x", "PORT 127,0,0,1,40,61")) {
                client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                assertThat(heard.readLine()).isEqualTo(line);
            }
        }
    }
}
