// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of FTP as a helper in the kernel reads: a client logs in and says where it waits for the data connection
 * (PORT over IPv4, EPRT over IPv6), which the server opens later.
 */
final class FtpDialog {
    private static final int CONTROL = 21;
    private static final int TIMEOUT_MILLIS = 15_000;
    private static final Pattern PORT = Pattern.compile("PORT (\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)");
    private static final Pattern EPRT = Pattern.compile("EPRT \\|2\\|([0-9a-f:]+)\\|(\\d+)\\|");

    private final Lab lab;
    private final ReferenceSetup setup;
    private final Socket client;
    private final Socket served;
    private final ServerSocket waiting;
    /** Where the server thinks the client waits: translated, over IPv4. */
    private final InetSocketAddress announced;

    private FtpDialog(Lab lab, ReferenceSetup setup, String clientAddress, String serverAddress) throws Exception {
        this.lab = lab;
        this.setup = setup;
        InetAddress own = InetAddress.getByName(clientAddress);
        InetAddress there = InetAddress.getByName(serverAddress);
        ServerSocket listener = lab.closing(setup.server.call(() -> new ServerSocket(CONTROL, 1, there)));
        client = lab.closing(setup.client.call(() -> new Socket(there, CONTROL, own, 0)));
        served = lab.closing(listener.accept());
        listener.close();
        client.setSoTimeout(TIMEOUT_MILLIS);
        served.setSoTimeout(TIMEOUT_MILLIS);
        waiting = lab.closing(setup.client.call(() -> new ServerSocket(0, 1, own)));
        waiting.setSoTimeout(TIMEOUT_MILLIS);
        // The helper reads a line only behind one whose end it has seen.
        assertThat(say(client, served, "USER anonymous")).isEqualTo("USER anonymous");
        int port = waiting.getLocalPort();
        announced = clientAddress.contains(":")
                ? extended(say(client, served, "EPRT |2|" + clientAddress + "|" + port + "|"))
                : classic(say(
                        client,
                        served,
                        "PORT " + clientAddress.replace('.', ',') + "," + port / 256 + "," + port % 256));
    }

    /** Opens a control connection and has a data connection announced on it. */
    static FtpDialog open(Lab lab, ReferenceSetup setup, String clientAddress, String serverAddress) {
        try {
            return new FtpDialog(lab, setup, clientAddress, serverAddress);
        } catch (Exception e) {
            throw new AssertionError("no FTP from " + clientAddress + " to " + serverAddress + " in " + setup, e);
        }
    }

    private static InetSocketAddress classic(String line) throws IOException {
        Matcher said = PORT.matcher(line);
        assertThat(said.matches()).as(line).isTrue();
        String address = said.group(1) + "." + said.group(2) + "." + said.group(3) + "." + said.group(4);
        int port = 256 * Integer.parseInt(said.group(5)) + Integer.parseInt(said.group(6));
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    private static InetSocketAddress extended(String line) throws IOException {
        Matcher said = EPRT.matcher(line);
        assertThat(said.matches()).as(line).isTrue();
        return new InetSocketAddress(InetAddress.getByName(said.group(1)), Integer.parseInt(said.group(2)));
    }

    private static String say(Socket from, Socket to, String line) throws IOException {
        from.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
        return new BufferedReader(new InputStreamReader(to.getInputStream(), US_ASCII)).readLine();
    }

    InetSocketAddress announced() {
        return announced;
    }

    /** The control connection carries lines both ways. */
    void assertControlAlive() {
        try {
            assertThat(say(served, client, "200 still there")).isEqualTo("200 still there");
            assertThat(say(client, served, "NOOP")).isEqualTo("NOOP");
        } catch (IOException e) {
            throw new AssertionError("the control connection in " + setup + " is dead", e);
        }
    }

    /** The server opens the data connection it was told of, and it reaches the client. */
    void assertDataArrives() {
        try {
            Socket data = lab.closing(setup.server.call(() -> {
                Socket connecting = new Socket();
                connecting.connect(announced, TIMEOUT_MILLIS);
                return connecting;
            }));
            Socket arrived = lab.closing(waiting.accept());
            arrived.setSoTimeout(TIMEOUT_MILLIS);
            data.getOutputStream().write(42);
            assertThat(arrived.getInputStream().read()).isEqualTo(42);
        } catch (Exception e) {
            throw new AssertionError("no data connection to " + announced + " in " + setup, e);
        }
    }
}
