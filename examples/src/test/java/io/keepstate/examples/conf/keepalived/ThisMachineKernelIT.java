// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class ThisMachineKernelIT {

    @Test
    void interfacesAreThoseOfTheNetworkNamespaceEvenIfSysShowsAnother(Lab lab) {
        LabNamespace here = lab.namespace("here");
        LabNamespace there = lab.namespace("there");
        lab.veth(here, "seen0", there, "unseen0");
        ThisMachine machine = new ThisMachine();
        assertThat(here.get(() -> machine.hasInterface("seen0"))).isTrue();
        assertThat(here.get(() -> machine.hasInterface("unseen0"))).isFalse();
        assertThat(here.get(() -> machine.hasInterface("a-name-that-is-too-long")))
                .isFalse();
        assertThat(here.get(() -> machine.mtu("seen0"))).hasValue(1500);
        assertThat(here.get(() -> machine.mtu("unseen0"))).isEmpty();
    }
}
