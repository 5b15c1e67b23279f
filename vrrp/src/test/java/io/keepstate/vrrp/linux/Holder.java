// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;

/**
 * A process of its own that elects and holds addresses on eth0, for tests that stop or kill it: arguments are the
 * priority, the interval in milliseconds, and the addresses.
 */
final class Holder {

    private Holder() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<SyncGroupConfig> groups = List.of(group(
                Integer.parseInt(arguments[0]),
                Duration.ofMillis(Long.parseLong(arguments[1])),
                List.of(arguments).subList(2, arguments.length)));
        VrrpService service = VrrpService.start(Thread::new, groups, effect -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(service::close));
        System.out.println("running");
        Thread.sleep(Duration.ofMinutes(10).toMillis());
    }

    /** One router of version 3. */
    static SyncGroupConfig group(int priority, Duration interval, List<String> addresses) {
        VirtualRouterConfigBuilder router = VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(51)
                .priority(priority)
                .interval(interval);
        for (String address : addresses) {
            VirtualAddress parsed = VirtualAddress.parse(address, "eth0");
            if (address.contains(":")) {
                router.excludedAddress(parsed);
            } else {
                router.address(parsed);
            }
        }
        return SyncGroupConfig.of(router.build());
    }
}
