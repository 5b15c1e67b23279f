// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A running node takes orders, and tells what follows from them. */
@ExtendWith(LabExtension.class)
class RuntimeOrdersKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Test
    void prioritiesAndResignationsAreObeyedAndTold(Lab lab) throws Exception {
        Requires.program("nsenter");
        LabNamespace here = lab.namespace("here");
        lab.veth(here, "eth0", lab.namespace("there"), "eth0");
        here.address("eth0", "192.0.2.11/24");
        Path input = lab.directory().resolve("orders");
        here.run("mkfifo", input.toString());

        LabProcess program =
                ProgramRun.startReading(input, here, RuntimeOrders.class, "eth0", "51", "100", "192.0.2.1/24");
        try (OutputStream orders = new FileOutputStream(input.toFile())) {
            await(program, "router is ACTIVE, since");
            say(orders, "priority 90");
            await(program, "router has priority 90");
            await(program, "done");
            say(orders, "resign");
            await(program, "router is BACKUP, since RESIGNED");
            say(orders, "priority 900");
            await(program, "refused: ");
        }
        assertThat(program.await(PATIENCE)).as(program.output()).isZero();
        assertThat(here.holds("192.0.2.1")).isFalse();
    }

    private static void say(OutputStream orders, String order) throws IOException {
        orders.write((order + "\n").getBytes(StandardCharsets.US_ASCII));
        orders.flush();
    }

    private static void await(LabProcess program, String text) {
        Lab.eventually(PATIENCE, () -> program.output().contains(text), text + " in " + program.output());
    }
}
