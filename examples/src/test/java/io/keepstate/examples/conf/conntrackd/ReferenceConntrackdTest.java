// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.AddressPrefix;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every directive of the reference pair's conntrackd files, one test named after each. */
class ReferenceConntrackdTest {
    private static final Reading<ConntrackdConfig> READING = ConntrackdReader.read(Path.of("conf/conntrackd-fw1.conf"));
    private final SyncConfig sync = READING.get().sync().orElseThrow();
    private final PeerLink.Udp link = (PeerLink.Udp) sync.links().preferred();
    private final GeneralConfig general = READING.get().general();

    @Test
    void onlyNiceHashSizeAndBacklogWarn() {
        assertThat(READING.findings()).extracting(Finding::directive).containsExactly("Nice", "HashSize", "Backlog");
        assertThat(READING.findings())
                .extracting(Finding::severity)
                .containsExactly(Severity.WARNING, Severity.NOTE, Severity.WARNING);
        assertThat(ConntrackdReader.read(Path.of("conf/conntrackd-fw2.conf")).findings())
                .extracting(Finding::line)
                .containsExactly(20, 21, 28);
    }

    @Test
    void modeFtfw() {
        assertThat(sync.mode()).isEqualTo(SyncMode.Ftfw.DEFAULT);
    }

    @Test
    void disableExternalCache() {
        assertThat(sync.mode().disableExternalCache()).isFalse();
        assertThat(changedSync("DisableExternalCache Off", "DisableExternalCache yes")
                        .mode()
                        .disableExternalCache())
                .isTrue();
    }

    @Test
    void commitTimeout() {
        assertThat(sync.commitTimeoutSeconds()).isEqualTo(1800);
    }

    @Test
    void purgeTimeout() {
        assertThat(sync.purgeTimeoutSeconds()).isEqualTo(5);
        assertThat(changedSync("PurgeTimeout 5", "").purgeTimeoutSeconds()).isEqualTo(60);
    }

    @Test
    void resendQueueSizeAckWindowSizeAndStartupResync() {
        assertThat(changedSync("PurgeTimeout 5", "ResendQueueSize 70 ACKWindowSize 8 StartupResync on")
                        .mode())
                .isEqualTo(new SyncMode.Ftfw(8, 70, false, true));
    }

    @Test
    void ipv4Address() {
        assertThat(link.local()).isEqualTo(IpAddress.parse("10.0.0.1"));
    }

    @Test
    void ipv4DestinationAddress() {
        assertThat(link.peer()).hasToString("10.0.0.2");
    }

    @Test
    void port() {
        assertThat(link.port()).isEqualTo(3780);
    }

    @Test
    void interfaceOfTheLink() {
        assertThat(link.interfaceName()).contains("eth2");
    }

    @Test
    void sndSocketBuffer() {
        assertThat(link.sendBuffer()).isEqualTo(1_249_280);
    }

    @Test
    void rcvSocketBuffer() {
        assertThat(link.receiveBuffer()).isEqualTo(1_249_280);
    }

    @Test
    void checksum() {
        assertThat(link.checksum()).isTrue();
        assertThat(((PeerLink.Udp) changedSync("Checksum on", "Checksum OFF")
                                .links()
                                .preferred())
                        .checksum())
                .isFalse();
    }

    @Test
    void hashLimit() {
        assertThat(general.hashLimit()).isEqualTo(131_072);
    }

    @Test
    void logFile() {
        assertThat(general.logFile()).contains("/var/log/conntrackd.log");
        assertThat(changed("LogFile on", "LogFile /x/y.log").general().logFile())
                .contains("/x/y.log");
        assertThat(changed("LogFile on", "LogFile off").general().logFile()).isEmpty();
    }

    @Test
    void syslog() {
        assertThat(general.syslog()).contains(SyslogFacility.DAEMON);
        assertThat(changed("Syslog on", "Syslog local3").general().syslog()).contains(SyslogFacility.LOCAL3);
    }

    @Test
    void lockFile() {
        assertThat(general.lockFile()).isEqualTo("/var/lock/conntrack.lock");
    }

    @Test
    void unixPath() {
        assertThat(general.unix().path()).isEqualTo("/var/run/conntrackd.ctl");
    }

    @Test
    void netlinkBufferSize() {
        assertThat(general.netlink().buffer()).isEqualTo(2_097_152);
    }

    @Test
    void netlinkBufferSizeMaxGrowth() {
        assertThat(general.netlink().bufferLimit()).isEqualTo(8_388_608);
    }

    @Test
    void filterFromUserspace() {
        assertThat(general.netlink().filterInKernel()).isFalse();
        assertThat(changed("From Userspace", "From Kernelspace")
                        .general()
                        .netlink()
                        .filterInKernel())
                .isTrue();
    }

    @Test
    void protocolAccept() {
        FlowFilter.Rule<Integer> protocols = general.filter().protocols().orElseThrow();
        assertThat(protocols.accept()).isTrue();
        assertThat(protocols.values()).containsExactlyInAnyOrder(1, 6, 17, 58);
    }

    @Test
    void addressIgnore() {
        FlowFilter.Rule<AddressPrefix> addresses = general.filter().addresses().orElseThrow();
        assertThat(addresses.accept()).isFalse();
        assertThat(addresses.values()).hasSize(16);
        assertThat(addresses.values().get(0)).hasToString("127.0.0.1/32");
        assertThat(addresses.values().get(9)).hasToString("::1/128");
        assertThat(addresses.values().get(15)).isEqualTo(AddressPrefix.parse("2001:db8:16:10::102"));
    }

    @Test
    void addressWithMask() {
        assertThat(changed("127.0.0.1 #", "127.0.0.0/8 #")
                        .general()
                        .filter()
                        .addresses()
                        .orElseThrow()
                        .values())
                .first()
                .hasToString("127.0.0.0/8");
    }

    private static SyncConfig changedSync(String from, String to) {
        return changed(from, to).sync().orElseThrow();
    }

    private static ConntrackdConfig changed(String from, String to) {
        return ConntrackdReader.read("conntrackd.conf", text().replace(from, to))
                .get();
    }

    private static String text() {
        try {
            return java.nio.file.Files.readString(Path.of("conf/conntrackd-fw1.conf"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
