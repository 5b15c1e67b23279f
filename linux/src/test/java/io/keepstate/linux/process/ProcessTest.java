// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ProcessTest {
    @Test
    void capabilitiesAreReadFromTheProcStatus() {
        Capabilities some = Capabilities.of(List.of("Name:\tjava", "CapEff:\t0000000000003000"), "0 0 4294967295");
        assertThat(some.netAdmin()).isTrue();
        assertThat(some.netRaw()).isTrue();
        assertThat(some.has(Capabilities.CAP_SYS_NICE)).isFalse();
        assertThat(some.userNamespace()).isFalse();
    }

    @Test
    void rootOfAUserNamespaceIsTold() {
        Capabilities all = Capabilities.of(List.of("CapEff:\t000001ffffffffff"), "         0       1000          1\n");
        assertThat(all.userNamespace()).isTrue();
        assertThat(all.netAdmin()).isTrue();
    }

    @Test
    void ownCapabilitiesCanBeRead() {
        assertThat(Capabilities.read()).isNotNull();
    }

    @Test
    void policyIsSetPerThreadOrRefused() throws InterruptedException {
        boolean[] allowed = {false};
        Scheduling.Policy[] inside = {Scheduling.Policy.OTHER};
        Thread thread = new Thread(() -> {
            allowed[0] = Scheduling.setPolicy(0, Scheduling.Policy.RR, 5);
            inside[0] = Scheduling.policy(Scheduling.threadId());
        });
        thread.start();
        thread.join();
        assertThat(inside[0]).isEqualTo(allowed[0] ? Scheduling.Policy.RR : Scheduling.Policy.OTHER);
        assertThat(Scheduling.policy(0)).isEqualTo(Scheduling.Policy.OTHER);
        Assumptions.assumeTrue(allowed[0], "real-time policies are refused here (needs CAP_SYS_NICE)");
    }

    @Test
    void aThreadThatHasEndedIsRefusedAndNoFailure() {
        int nobody = 1 << 23; // beyond PID_MAX_LIMIT
        assertThat(Scheduling.setNice(nobody, 10)).isFalse();
        assertThat(Scheduling.setPolicy(nobody, Scheduling.Policy.OTHER, 0)).isFalse();
    }

    @Test
    void threadsOfTheJvmItselfAreFoundByName() {
        assertThat(OsThreads.list()).containsValue("VM Thread").containsKey(Scheduling.threadId());
    }

    @Test
    void beingLessFavouredIsAlwaysAllowed() throws InterruptedException {
        boolean[] allowed = {false};
        Thread thread = new Thread(() -> allowed[0] = Scheduling.setNice(Scheduling.threadId(), 10));
        thread.start();
        thread.join();
        assertThat(allowed[0]).isTrue();
    }
}
