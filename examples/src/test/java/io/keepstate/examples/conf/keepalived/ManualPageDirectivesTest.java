// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each directive of keepalived.conf(5) is known where the manual page has it: in effect, without effect by its nature, or
 * warned about by file, line and name.
 */
class ManualPageDirectivesTest {
    private static final Path LIST = Path.of("src/test/resources/keepalived/directives-2.2.7.txt");
    private static final String INSTANCE = """
            vrrp_instance A {
            interface eth0
            virtual_router_id 7
            %s
            virtual_ipaddress {
            10.0.0.5
            }
            }
            """;

    /** What a directive stands in, by the name of the block. */
    private static final Map<String, String> BLOCKS = Map.ofEntries(
            Map.entry("top", "%s\n"),
            Map.entry("global", "global_defs {\n%s\n}\n"),
            Map.entry("group", "vrrp_sync_group G {\n%s\n}\n"),
            Map.entry("instance", "vrrp_instance B {\n%s\n}\n"),
            Map.entry("authentication", "vrrp_instance B {\nauthentication {\n%s\n}\n}\n"),
            Map.entry("script", "vrrp_script s {\n%s\n}\n"),
            Map.entry("file", "track_file f {\n%s\n}\n"),
            Map.entry("process", "vrrp_track_process p {\n%s\n}\n"),
            Map.entry("garp", "garp_group {\n%s\n}\n"),
            Map.entry("address", "vrrp_instance B {\nvirtual_ipaddress {\n2001:db8::7 %s\n}\n}\n"),
            Map.entry("static_address", "static_ipaddress {\n2001:db8::7 %s\n}\n"),
            Map.entry("route", "vrrp_instance B {\nvirtual_routes {\n10.7.0.0/16 %s\n}\n}\n"),
            Map.entry("static_route", "static_routes {\n10.7.0.0/16 %s\n}\n"),
            Map.entry("rule", "vrrp_instance B {\nvirtual_rules {\n%s\n}\n}\n"),
            Map.entry("static_rule", "static_rules {\nfrom 10.0.0.0/8 %s\n}\n"));

    @TestFactory
    Stream<DynamicTest> eachIsKnown() throws IOException {
        return entries()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.block() + " " + entry.name(),
                        () -> assertThat(findings(entry)).noneMatch(finding -> isUnknown(finding, entry.name()))));
    }

    /** What is not in effect says so once, with its line. */
    @TestFactory
    Stream<DynamicTest> eachThatIsNotInEffectIsNamed() throws IOException {
        return entries()
                .filter(entry -> isWarned(entry))
                .map(entry -> DynamicTest.dynamicTest(
                        entry.block() + " " + entry.name(),
                        () -> assertThat(findings(entry).stream()
                                        .filter(it -> it.directive().equals(entry.name())))
                                .singleElement()
                                .matches(
                                        it -> it.severity() == Severity.WARNING && it.line() > 0,
                                        "a warning with its line")));
    }

    private record Entry(String block, String name) {}

    private static Stream<Entry> entries() throws IOException {
        return Files.readAllLines(LIST).stream()
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> {
                    String[] parts = line.split(": ", 2);
                    return Arrays.stream(parts[1].split(" ")).map(name -> new Entry(parts[0], name));
                });
    }

    private static List<Finding> findings(Entry entry) {
        String text = BLOCKS.get(entry.block()).formatted(entry.name()) + INSTANCE.formatted("");
        return KeepalivedReader.read("keepalived.conf", text).findings();
    }

    private static boolean isUnknown(Finding finding, String name) {
        return finding.directive().equals(name)
                && (finding.message().contains("this directive is not supported")
                        || finding.message().contains("knows no such")
                        || finding.message().contains("have an effect"));
    }

    private static boolean isWarned(Entry entry) {
        Unsupported.Place place = switch (entry.block()) {
            case "top" -> Unsupported.Place.TOP;
            case "global" -> Unsupported.Place.GLOBAL;
            case "group" -> Unsupported.Place.GROUP;
            default -> Unsupported.Place.INSTANCE;
        };
        boolean block = !entry.block().contains("_") && !entry.block().equals("route");
        return block && Unsupported.warned(place).contains(entry.name());
    }
}
