// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** One virtual router under test, with a clock that the test moves. */
final class Bench {

    static final long SECOND = 1_000_000_000L;
    static final long MILLI = 1_000_000L;
    static final IpAddress OURS = IpAddress.parse("192.0.2.5");
    static final IpAddress HIGHER = IpAddress.parse("192.0.2.9");
    static final IpAddress LOWER = IpAddress.parse("192.0.2.2");
    /** Any instant will do; zero would hide mistakes. */
    static final long START = 77 * SECOND + 123;

    final Recorder recorder = new Recorder();
    final VirtualRouter router;
    long now = START;

    Bench(VirtualRouterConfig config) {
        IpAddress source = config.family() == AddressFamily.IPV4 ? OURS : IpAddress.parse("fe80::5");
        router = new VirtualRouter(config, source, recorder);
    }

    static VirtualRouterConfigBuilder config(Version version) {
        return VirtualRouterConfig.builder("E1", "eth0")
                .version(version)
                .virtualRouterId(51)
                .address("192.0.2.100/24");
    }

    /** Version 3, priority 100, one second, started. */
    static Bench backup() {
        return backup(UnaryOperator.identity());
    }

    static Bench backup(UnaryOperator<VirtualRouterConfigBuilder> with) {
        Bench bench = new Bench(with.apply(config(Version.V3)).build());
        bench.router.start(bench.now);
        bench.recorder.clear();
        return bench;
    }

    /** The same, elected because nobody was heard. */
    static Bench active() {
        return active(UnaryOperator.identity());
    }

    static Bench active(UnaryOperator<VirtualRouterConfigBuilder> with) {
        Bench bench = backup(with);
        bench.untilDeadline();
        bench.recorder.clear();
        return bench;
    }

    /** Lets the timer fire, at its time. */
    void untilDeadline() {
        now = router.nextDeadline();
        router.advance(now);
    }

    void after(long nanos) {
        now += nanos;
    }

    /** Nanoseconds until the timer fires. */
    long remaining() {
        return router.nextDeadline() - now;
    }

    void hear(int priority, IpAddress source) {
        hear(priority, router.config().intervalCentis(), source);
    }

    void hear(int priority, int centis, IpAddress source) {
        router.onAdvertisement(advertisement(priority, centis), source, now);
    }

    Advertisement advertisement(int priority, int centis) {
        VirtualRouterConfig config = router.config();
        return new Advertisement(
                config.version(),
                config.virtualRouterId(),
                priority,
                centis,
                config.advertisedAddresses(),
                config.authentication(),
                config.version() == Version.V2 ? ChecksumForm.MESSAGE_ONLY : ChecksumForm.PSEUDO_HEADER);
    }

    /** 3 * interval + (256 - priority) / 256 * interval. */
    static long down(int priority, long intervalNanos) {
        return 3 * intervalNanos + (256 - priority) * intervalNanos / 256;
    }

    static long skew(int priority, long intervalNanos) {
        return (256 - priority) * intervalNanos / 256;
    }

    static VirtualRouterConfigBuilder passwordConfig(String password) {
        return config(Version.V2)
                .authentication(Authentication.password(password))
                .interval(Duration.ofSeconds(1));
    }

    static List<IpAddress> addresses(String... texts) {
        return List.of(texts).stream().map(IpAddress::parse).toList();
    }
}
