// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets made by hand: what is wrong with them is named, and what could be read is shown. */
class DumpTest {
    private static final String ETHERNET = "01005e000012 b268f81adb07 0800";
    private static final String IP = "45c0002800010000ff70d0880a090001e0000012";
    private static final String PASSWORD = "213d640101017a5e 0a090064 7a7a7a7a00000000";
    private static final String V3 = "45c0002000010000ff70d08f0a090002e0000012";
    private static final String V3_MESSAGE = "3133640100 3275c4 0a090032";
    private static final String HEADER = "45c0004000010000ff33d0ad0a090001e0000012"
            + "700400000a09000100000001b6d20cd1ae0d9aa2dea58b1f 213d640102016e53 0a090064 0000000000000000";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "bad_ttl, fe70d188, 31336401003275c4",
        "bad_version, ff70d08f, 41336401003275c4",
        "bad_type, ff70d08f, 32336401003275c4",
        "count_zero, ff70d08f, 31336400003275c4",
        "length_mismatch, ff70d08f, 31336402003275c4",
        "bad_checksum, ff70d08f, 31336401003275c5",
        "wrong_vrid, ff70d08f, 31006401003275f7",
        "interval_zero, ff70d08f, 31336401000075f6"
    })
    void a_malformed_advertisement_has_a_reason_and_all_its_fields(String reason, String ttl, String message)
            throws IOException {
        String header = V3.replace("ff70d08f", ttl);
        DumpRun run = DumpRun.of(CaptureBytes.of(directory, CaptureBytes.RAW, header + message + "0a090032"));

        assertThat(run.exitCode()).isEqualTo(Dump.MALFORMED);
        assertThat(run.only())
                .containsEntry("protocol", "vrrp")
                .containsEntry("malformed", reason)
                .containsKeys("malformed_text", "version", "type", "vrid", "checksum")
                .containsEntry("src", "10.9.0.2")
                .containsEntry("dst", "224.0.0.18")
                .containsEntry("priority", 100L);
    }

    @Test
    void by_unicast_any_ttl_will_do() throws IOException {
        String packet = "45c0002000010000 40 70 00000a0900010a090002 313d640100324b910a090064";
        assertThat(DumpRun.of(CaptureBytes.of(directory, CaptureBytes.RAW, packet))
                        .only())
                .containsEntry("ttl", 64L)
                .containsEntry("ip_checksum_ok", false)
                .doesNotContainKey("malformed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void it_ends_when_nobody_takes_what_it_prints(boolean json) throws IOException {
        Path capture = CaptureBytes.ofAll(directory, CaptureBytes.RAW, IP + PASSWORD, IP + PASSWORD, IP + PASSWORD);
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        DumpOptions options = new DumpOptions(Optional.of(capture), Optional.empty(), DumpOptions.SYNC_PORT, 0, json);

        int code = new Dump(options, new PrintStream(closed), new PrintStream(complaints)).run();

        assertThat(code).isEqualTo(Dump.CANNOT_RUN);
        assertThat(complaints.toString()).startsWith("keepstate dump: ").hasLineCount(1);
    }

    @Test
    void a_password_that_controls_terminals_shows_points_to_people_and_itself_to_programs() throws IOException {
        // ESC, CSI as one character of two octets, end of line, delete
        String packet =
                IP + PASSWORD.replace("7a7a7a7a00000000", "1b5bc29b0a7f7a00").replace("7a5e", "0cdd");
        Path capture = CaptureBytes.of(directory, CaptureBytes.RAW, packet);

        assertThat(DumpRun.text(capture))
                .hasLineCount(1)
                .doesNotContain("MALFORMED")
                .contains(" auth_password=.[...z")
                .endsWith("\n");
        assertThat(DumpRun.of(capture).only()).containsEntry("auth_password", "\u001b[\u009b\n\u007fz");
    }

    @Test
    void an_advertisement_that_is_cut_off_shows_what_is_left() throws IOException {
        Map<String, Object> line = DumpRun.of(CaptureBytes.of(directory, CaptureBytes.RAW, V3 + "313364"))
                .only();
        assertThat(line)
                .containsEntry("malformed", "truncated")
                .containsEntry("vrid", 51L)
                .containsEntry("priority", 100L)
                .doesNotContainKey("count");
    }

    @Test
    void a_fragment_is_no_advertisement() throws IOException {
        String header = V3.replace("00010000ff", "00012000ff");
        assertThat(DumpRun.of(CaptureBytes.of(directory, CaptureBytes.RAW, header + V3_MESSAGE))
                        .only())
                .containsEntry("malformed", "fragment")
                .containsEntry("more_fragments", true)
                .containsEntry("vrid", 51L);
    }

    @Test
    void the_padding_of_short_ethernet_frames_is_not_part_of_the_message() throws IOException {
        String frame = ETHERNET + V3 + V3_MESSAGE + "00".repeat(14);
        assertThat(DumpRun.of(CaptureBytes.of(directory, CaptureBytes.ETHERNET, frame))
                        .only())
                .containsEntry("length", 12L)
                .containsEntry("frame_length", 60L)
                .doesNotContainKey("malformed");
    }

    @Test
    void an_authentication_header_is_shown_and_skipped() throws IOException {
        Map<String, Object> line =
                DumpRun.of(CaptureBytes.of(directory, CaptureBytes.RAW, HEADER)).only();
        assertThat(line)
                .containsEntry("auth_type", 2L)
                .containsEntry("ah_spi", 0x0a090001L)
                .containsEntry("ah_sequence", 1L)
                .containsEntry("ah_icv", "b6d20cd1ae0d9aa2dea58b1f")
                .containsEntry("addresses", List.of("10.9.0.100"))
                .doesNotContainKey("malformed");
    }

    @Test
    void a_trailer_of_keepalived_is_shown() throws IOException {
        String packet = "45c0003c00010000ff70 0000 c633640ae0000012 3133c80100644402c0000264"
                + " 010100006800000080000000 1b84bc4e8e43892dc6d98448f8ee2265";
        assertThat(DumpRun.of(CaptureBytes.of(directory, CaptureBytes.RAW, packet))
                        .only())
                .containsEntry("hmac_key_id", 1L)
                .containsEntry("hmac_seconds", 0x68000000L)
                .containsEntry("hmac_fraction", 0x8000L)
                .containsEntry("hmac", "1b84bc4e8e43892dc6d98448f8ee2265")
                .containsEntry("checksum_form", "message")
                .doesNotContainKey("malformed");
    }

    @Test
    void ipv6_extension_headers_are_skipped() throws IOException {
        String message = "3134c802000a5772 fe800000000000000000000000000100 20010db8000900000000000000000150";
        String packet = "6c000000 0030 00 ff fe80000000000000b068f8fffe1adb07 ff020000000000000000000000000012"
                + " 7000050200000000" + message;
        assertThat(DumpRun.of(CaptureBytes.of(directory, CaptureBytes.RAW, packet))
                        .only())
                .containsEntry("addresses", List.of("fe80::100", "2001:db8:9::150"))
                .containsEntry("checksum_ok", true)
                .containsEntry("hop_limit", 255L)
                .doesNotContainKey("malformed");
    }

    @ParameterizedTest
    @CsvSource({
        "LITTLE_ENDIAN, a1b2c3d4, 123456",
        "BIG_ENDIAN, a1b2c3d4, 123456",
        "LITTLE_ENDIAN, a1b23c4d, 123456789",
        "BIG_ENDIAN, a1b23c4d, 123456789"
    })
    void all_forms_of_pcap_are_read(String order, String magic, int fraction) throws IOException {
        ByteOrder byteOrder = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int number = Integer.parseUnsignedInt(magic, 16);
        Path file = CaptureBytes.of(directory, byteOrder, number, CaptureBytes.RAW, fraction, IP + PASSWORD);
        assertThat(DumpRun.of(file).only()).containsEntry("time", new BigDecimal("1700000000.123456"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void pcapng_is_read(String order) throws IOException {
        ByteOrder byteOrder = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Path file = CaptureBytes.pcapng(directory, byteOrder, CaptureBytes.RAW, IP + PASSWORD);
        assertThat(DumpRun.of(file).only())
                .containsEntry("time", new BigDecimal("1700000000.123456"))
                .containsEntry("auth_password", "zzzz");
    }

    @Test
    void vlan_tags_and_cooked_headers_are_read() throws IOException {
        String tagged = "01005e000012 b268f81adb07 88a8 0064 8100 0007 0800" + IP + PASSWORD;
        assertThat(DumpRun.of(CaptureBytes.of(directory, CaptureBytes.ETHERNET, tagged))
                        .only())
                .containsEntry("vlan", List.of(100L, 7L))
                .containsEntry("src_mac", "b2:68:f8:1a:db:07");
        String cooked = "0002 0001 0006 b268f81adb070000 0800" + IP + PASSWORD;
        assertThat(DumpRun.of(CaptureBytes.of(directory, 113, cooked)).only())
                .containsEntry("src_mac", "b2:68:f8:1a:db:07")
                .containsEntry("vrid", 61L);
        String cooked2 = "0800 0000 00000003 0001 02 06 b268f81adb070000" + IP + PASSWORD;
        assertThat(DumpRun.of(CaptureBytes.of(directory, 276, cooked2)).only()).containsEntry("vrid", 61L);
    }

    @Test
    void ordinary_questions_are_not_announcements_and_replies_are() throws IOException {
        String head = "ffffffffffff 8a9dec446550 0806 0001080006040001";
        String question = head + "8a9dec446550 0a090001 000000000000 0a090032";
        String announcement = head.replace("6040001", "6040002") + "8a9dec446550 0a090032 ffffffffffff 0a090032";
        String cut = head + "8a9dec446550";
        DumpRun run = DumpRun.of(CaptureBytes.ofAll(directory, CaptureBytes.ETHERNET, question, announcement, cut));
        assertThat(run.of("arp")).hasSize(2);
        assertThat(run.lines().get(0)).containsEntry("operation_name", "reply").doesNotContainKey("malformed");
        assertThat(run.lines().get(1)).containsEntry("malformed", "truncated").containsKey("sender_mac");
    }

    @ParameterizedTest
    @CsvSource({
        "truncated, 1a08000800000001",
        "bad_size, 1a10000000000001",
        "wrong_version, 2a10000800000001",
        "malformed_header, 1a00000800000001",
        "bad_range, 1a080010000000010000000500000002",
        "unknown_attribute, 10000010000000010008006300000000",
        "no_addresses, 1000001400000001000500020600000000050004"
    })
    void a_malformed_sync_message_has_a_reason(String reason, String message) throws IOException {
        DumpRun run = DumpRun.of(CaptureBytes.of(directory, CaptureBytes.RAW, udp(message)));

        assertThat(run.exitCode()).isEqualTo(Dump.MALFORMED);
        assertThat(run.only())
                .containsEntry("protocol", "ftfw")
                .containsEntry("malformed", reason)
                .containsEntry("seq", 1L)
                .containsEntry("dst_port", 3780L);
    }

    @Test
    void a_datagram_in_fragments_is_put_together() throws IOException {
        String whole = udp("1a10000800000001" + "1a10000800000002").substring(40);
        String first = "4500 0024 0007 2000 4011 0000 0a000001 0a000002".replace(" ", "") + whole.substring(0, 32);
        String last = "4500 001c 0007 0002 4011 0000 0a000001 0a000002".replace(" ", "") + whole.substring(32);
        DumpRun run = DumpRun.of(CaptureBytes.ofAll(directory, CaptureBytes.RAW, last, first));
        assertThat(run.exitCode()).isZero();
        assertThat(run.of("ftfw"))
                .hasSize(2)
                .extracting(line -> line.get("seq"))
                .containsExactly(1L, 2L);
    }

    @Test
    void a_damaged_file_is_read_as_far_as_it_goes() throws IOException {
        byte[] octets =
                Files.readAllBytes(CaptureBytes.ofAll(directory, CaptureBytes.RAW, IP + PASSWORD, IP + PASSWORD));
        Path cut = CaptureBytes.write(directory, Arrays.copyOf(octets, octets.length - 3));
        DumpRun run = DumpRun.of(cut);
        assertThat(run.lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(Dump.CANNOT_RUN);
        assertThat(run.errors()).contains("cut off in record 2").hasLineCount(1);
    }

    @Test
    void what_is_no_capture_is_refused_in_one_sentence() throws IOException {
        DumpRun text = DumpRun.of(CaptureBytes.write(directory, "hello, world, this is text".getBytes("UTF-8")));
        assertThat(text.exitCode()).isEqualTo(Dump.CANNOT_RUN);
        assertThat(text.errors()).contains("neither pcap nor pcapng").hasLineCount(1);
        assertThat(DumpRun.of(directory.resolve("absent")).errors()).contains("there is no such file");
        assertThat(DumpRun.of(directory).errors()).contains("is a directory");
        DumpRun unknown = DumpRun.of(CaptureBytes.of(directory, 147, "00"));
        assertThat(unknown.errors()).contains("link type 147");
    }

    /** An IPv4 datagram from 10.0.0.1 to port 3780 of 10.0.0.2, without checksums. */
    private static String udp(String message) {
        int length = message.length() / 2;
        return String.format("4500%04x00000000401100000a0000010a000002", 28 + length)
                + String.format("93950ec4%04x0000", 8 + length)
                + message;
    }
}
