// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.own;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Severity;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.vrrp.LegResignation;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the settings of our own: one and its value on each line, {@code #} begins a comment. In the name of a setting
 * {@code -} is as good as {@code _}.
 */
public final class OwnReader {
    private static final String DEFAULT_NAME = "keepstate.conf";
    private static final String CONTROL_GROUP = "control_group";
    private static final String PEER_VERSION = "peer_version";
    private static final String PEER_BYTE_ORDER = "peer_byte_order";
    private static final String ON_LINK_SOURCE = "on_link_source";
    private static final String LEG_RESIGNATION = "leg_resignation";
    private static final List<String> ALL =
            List.of(CONTROL_GROUP, PEER_VERSION, PEER_BYTE_ORDER, ON_LINK_SOURCE, LEG_RESIGNATION);

    private final Path file;
    private final List<Finding> findings;
    private Optional<String> group = Optional.empty();
    private Optional<WireProfile> release = Optional.empty();
    private Optional<ByteOrder> byteOrder = Optional.empty();
    private boolean onLinkSource;
    private LegResignation legResignation = OwnConfig.DEFAULT.legResignation();

    private OwnReader(Path file, List<Finding> findings) {
        this.file = file;
        this.findings = findings;
    }

    /**
     * The file with the settings: the one that is named, else {@code keepstate.conf} in the directory of conntrackd's file
     * if it is there. Scripts that start conntrackd name no other file than its own.
     */
    public static Optional<Path> locate(Optional<Path> named, Optional<Path> conntrackdConf) {
        // A link that leads nowhere is one that is there: its settings are missing, and that must not pass in silence.
        return named.or(() -> conntrackdConf
                .map(file -> file.toAbsolutePath().resolveSibling(DEFAULT_NAME))
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS)));
    }

    /**
     * Reads the file; what is wrong is added to the findings.
     *
     * @return the settings that are good
     */
    public static OwnConfig read(Path file, List<Finding> findings) {
        return new OwnReader(file, findings).read();
    }

    private OwnConfig read() {
        List<String> lines = new ArrayList<>();
        try {
            lines.addAll(Files.readAllLines(file));
        } catch (IOException e) {
            error(
                    0,
                    "",
                    "cannot be read (" + e.getMessage()
                            + "): correct --keepstate-conf, or the file beside conntrackd's");
        }
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).replaceAll("#.*", "").strip().split("\\s+", -1);
            if (!words[0].isEmpty()) {
                setting(i + 1, words);
            }
        }
        return new OwnConfig(group, profile(), onLinkSource, legResignation);
    }

    private Optional<WireProfile> profile() {
        return byteOrder
                .map(order -> release.orElse(WireProfile.V1_4_7).withHostOrder(order))
                .or(() -> release);
    }

    private void setting(int line, String[] words) {
        switch (words[0].replace('-', '_')) {
            case CONTROL_GROUP -> {
                if (words.length == 2) {
                    group = Optional.of(words[1]);
                } else {
                    error(line, words[0], "wants one word, the name of a group");
                }
            }
            case PEER_VERSION -> {
                release = words.length == 2 ? Optional.ofNullable(WireProfile.ofRelease(words[1])) : Optional.empty();
                if (release.isEmpty()) {
                    error(line, words[0], "wants the release of the peer's conntrackd, 1.4.2 to 1.4.9");
                }
            }
            case PEER_BYTE_ORDER -> {
                byteOrder = words.length == 2 ? byteOrder(words[1]) : Optional.empty();
                if (byteOrder.isEmpty()) {
                    error(line, words[0], "wants the byte order of the peer's machine: little (x86, ARM) or big");
                }
            }
            case ON_LINK_SOURCE -> {
                onLinkSource = words.length == 2 && words[1].equals("yes");
                if (words.length != 2 || !words[1].matches("yes|no")) {
                    error(line, words[0], "wants yes or no");
                }
            }
            case LEG_RESIGNATION -> legResignation(line, words);
            default -> error(line, words[0], "is no setting; there are " + String.join(", ", ALL));
        }
    }

    private static Optional<ByteOrder> byteOrder(String word) {
        return switch (word) {
            case "little" -> Optional.of(ByteOrder.LITTLE_ENDIAN);
            case "big" -> Optional.of(ByteOrder.BIG_ENDIAN);
            default -> Optional.empty();
        };
    }

    private void legResignation(int line, String[] words) {
        for (LegResignation meaning : LegResignation.values()) {
            if (words.length == 2 && words[1].equals(meaning.name().toLowerCase(Locale.ROOT))) {
                legResignation = meaning;
                return;
            }
        }
        error(line, words[0], "wants this_leg, silent_legs or all_legs");
    }

    private void error(int line, String setting, String message) {
        findings.add(new Finding(Severity.ERROR, file.toString(), line, setting, message));
    }
}
