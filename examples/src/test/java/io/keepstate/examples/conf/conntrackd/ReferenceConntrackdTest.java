// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.AddressPrefix;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every directive of the reference pair's conntrackd files, one test named after each. */
class ReferenceConntrackdTest {
    private static final Reading<ConntrackdConfig> READING = ConntrackdReader.read(Path.of("conf/conntrackd-fw1.conf"));
    private final FtfwConfig ftfw = READING.get().sync().mode();
    private final UdpLink link = READING.get().sync().defaultLink();
    private final GeneralConfig general = READING.get().general();

    @Test
    void onlyNiceHashSizeAndBacklogWarn() {
        assertThat(READING.findings()).extracting(Finding::directive).containsExactly("Nice", "HashSize", "Backlog");
        assertThat(READING.findings()).extracting(Finding::severity).containsOnly(Severity.WARNING);
        assertThat(ConntrackdReader.read(Path.of("conf/conntrackd-fw2.conf")).findings())
                .extracting(Finding::line)
                .containsExactly(20, 21, 28);
    }

    @Test
    void modeFtfw() {
        assertThat(ftfw).isEqualTo(new FtfwConfig(false, 1800, 5, 131_072, 300, false));
    }

    @Test
    void disableExternalCache() {
        assertThat(ftfw.disableExternalCache()).isFalse();
        assertThat(changed("DisableExternalCache Off", "DisableExternalCache yes")
                        .sync()
                        .mode()
                        .disableExternalCache())
                .isTrue();
    }

    @Test
    void commitTimeout() {
        assertThat(ftfw.commitTimeoutSeconds()).isEqualTo(1800);
    }

    @Test
    void purgeTimeout() {
        assertThat(ftfw.purgeTimeoutSeconds()).isEqualTo(5);
        assertThat(changed("PurgeTimeout 5", "").sync().mode().purgeTimeoutSeconds())
                .isEqualTo(60);
    }

    @Test
    void resendQueueSizeAckWindowSizeAndStartupResync() {
        FtfwConfig mode = changed("PurgeTimeout 5", "ResendQueueSize 7 ACKWindowSize 8 StartupResync on")
                .sync()
                .mode();
        assertThat(mode).isEqualTo(new FtfwConfig(false, 1800, 60, 7, 8, true));
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
        assertThat(link.interfaceName()).isEqualTo("eth2");
    }

    @Test
    void sndSocketBuffer() {
        assertThat(link.sndSocketBuffer()).isEqualTo(1_249_280);
    }

    @Test
    void rcvSocketBuffer() {
        assertThat(link.rcvSocketBuffer()).isEqualTo(1_249_280);
    }

    @Test
    void checksum() {
        assertThat(link.checksum()).isTrue();
        assertThat(changed("Checksum on", "Checksum OFF").sync().defaultLink().checksum())
                .isFalse();
    }

    @Test
    void nice() {
        assertThat(general.nice()).isEqualTo(-20);
    }

    @Test
    void hashSize() {
        assertThat(general.hashSize()).isEqualTo(32_768);
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
    void unixBacklog() {
        assertThat(general.unix().backlog()).isEqualTo(20);
    }

    @Test
    void netlinkBufferSize() {
        assertThat(general.netlinkBufferSize()).isEqualTo(2_097_152);
    }

    @Test
    void netlinkBufferSizeMaxGrowth() {
        assertThat(general.netlinkBufferSizeMaxGrowth()).isEqualTo(8_388_608);
    }

    @Test
    void filterFromUserspace() {
        assertThat(general.filter().place()).isEqualTo(FilterConfig.Place.USERSPACE);
        assertThat(changed("From Userspace", "From Kernelspace")
                        .general()
                        .filter()
                        .place())
                .isEqualTo(FilterConfig.Place.KERNELSPACE);
    }

    @Test
    void protocolAccept() {
        FilterConfig.Protocols protocols = general.filter().protocols().orElseThrow();
        assertThat(protocols.verdict()).isEqualTo(FilterConfig.Verdict.ACCEPT);
        assertThat(protocols.numbers()).containsExactly(1, 6, 17, 58);
    }

    @Test
    void addressIgnore() {
        FilterConfig.Addresses addresses = general.filter().addresses().orElseThrow();
        assertThat(addresses.verdict()).isEqualTo(FilterConfig.Verdict.IGNORE);
        assertThat(addresses.prefixes()).hasSize(16);
        assertThat(addresses.prefixes().get(0)).hasToString("127.0.0.1/32");
        assertThat(addresses.prefixes().get(9)).hasToString("::1/128");
        assertThat(addresses.prefixes().get(15)).isEqualTo(AddressPrefix.parse("2001:db8:16:10::102"));
    }

    @Test
    void addressWithMask() {
        assertThat(changed("127.0.0.1 #", "127.0.0.0/8 #")
                        .general()
                        .filter()
                        .addresses()
                        .orElseThrow()
                        .prefixes())
                .first()
                .hasToString("127.0.0.0/8");
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
