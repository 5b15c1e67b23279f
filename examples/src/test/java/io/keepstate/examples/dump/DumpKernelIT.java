// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.cli.Main;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.socket.PacketSocket;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code keepstate dump -i}: what is on a wire, until a signal. */
@ExtendWith(LabExtension.class)
class DumpKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** To a group that nobody on the listening host has joined. */
    private static final String ADVERTISEMENT =
            "01005e000012b268f81adb070800" + "45c0002000010000ff70d08f0a090002e0000012" + "31336401003275c40a090032";

    @Test
    void an_interface_is_listened_to_until_a_signal_ends_it_with_the_exit_code_due(Lab lab) {
        Requires.program("nsenter");
        LabNamespace here = lab.namespace("here");
        LabNamespace there = lab.namespace("there");
        lab.veth(here, "eth0", there, "eth0");
        PacketSocket sender = lab.closing(there.get(PacketSocket::openSender));
        int index = there.index("eth0");

        LabProcess clean = listen(here);
        heard(clean, sender, index, ADVERTISEMENT, "\"vrid\":51");
        clean.terminate();
        assertThat(clean.await(PATIENCE)).isZero();

        LabProcess malformed = listen(here);
        heard(malformed, sender, index, ADVERTISEMENT.replace("ff70", "fe70"), "\"malformed\":\"bad_ttl\"");
        malformed.terminate();
        assertThat(malformed.await(PATIENCE)).isEqualTo(Dump.MALFORMED);
    }

    private static LabProcess listen(LabNamespace where) {
        return where.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "dump",
                "-i",
                "eth0",
                "--json");
    }

    private static void heard(LabProcess dump, PacketSocket sender, int index, String frame, String field) {
        byte[] octets = CaptureBytes.octets(frame);
        ByteBuf memory = NativeMemory.allocate(octets.length).writeBytes(octets);
        try {
            Lab.eventually(
                    PATIENCE,
                    () -> {
                        sender.send(memory, index);
                        return dump.output().contains(field);
                    },
                    "heard: " + dump.output());
        } finally {
            memory.release();
        }
    }
}
