// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A pair of files: an Ethernet frame as it was on a wire ({@code .hex}), and what it says ({@code .txt}). */
record Fixture(String name, byte[] frame, List<String> lines) {

    static Stream<Fixture> all(String prefix) throws IOException, URISyntaxException {
        URL directory = Fixture.class.getResource("/io/keepstate/vrrp/codec");
        try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(prefix) && file.endsWith(".hex"))
                    .map(file -> file.substring(0, file.length() - ".hex".length()))
                    .sorted()
                    .toList();
            List<Fixture> fixtures = new ArrayList<>();
            for (String name : names) {
                fixtures.add(load(name));
            }
            return fixtures.stream();
        }
    }

    static Fixture load(String name) throws IOException {
        byte[] frame = HexFormat.of().parseHex(read(name + ".hex").strip());
        return new Fixture(name, frame, read(name + ".txt").lines().toList());
    }

    /** The frame behind its Ethernet header. */
    ByteBuf datagram() {
        return Unpooled.wrappedBuffer(frame).skipBytes(14);
    }

    String value(String key) {
        return values(key).get(0);
    }

    List<String> values(String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }

    int number(String key) {
        return Integer.parseInt(value(key));
    }

    private static String read(String file) throws IOException {
        try (InputStream in = Fixture.class.getResourceAsStream("/io/keepstate/vrrp/codec/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
