// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.TrackedObjects;
import java.nio.file.Path;
import java.util.List;

/** A process with a virtual MAC, to be killed: runs in the network namespace it is started in. */
final class VirtualMacProcess {

    private VirtualMacProcess() {}

    /** Takes the journal's directory; tells its states. */
    public static void main(String[] arguments) throws InterruptedException {
        Path journals = Path.of(arguments[0]);
        VrrpService service = VrrpService.start(
                task -> new Thread(task, "vrrp"),
                List.of(VirtualMacKernelIT.group(200)),
                TrackedObjects.NONE,
                VirtualMacProcess::tell,
                journals);
        Runtime.getRuntime().addShutdownHook(new Thread(service::close, "stop"));
        Thread.currentThread().join();
    }

    private static void tell(Effect effect) {
        if (effect instanceof Effect.GroupStateChanged change) {
            System.out.println(change.to());
        }
    }
}
