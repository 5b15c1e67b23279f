// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Names of numbers in routes, rules and addresses: the kernel's own (include/uapi/linux/rtnetlink.h) and those an operator
 * wrote into /etc/iproute2.
 */
final class RouteNames {
    /** What a name is for. */
    enum Kind {
        /** Routing tables. */
        TABLE("rt_tables", "routing table", "main, or a number from 1 to 4294967295", 0xffff_ffffL),
        /** Scopes of addresses and routes. */
        SCOPE("rt_scopes", "scope", "global, site, link, host, nowhere, or a number from 0 to 255", 255),
        /** Who set a route. */
        PROTOCOL("rt_protos", "routing protocol", "static, or a number from 0 to 255", 255),
        /** Realms of routes. */
        REALM("rt_realms", "realm", "a number from 0 to 255", 255),
        /** Types of service. */
        TOS("rt_dsfield", "type of service", "a number from 0 to 255", 255),
        /** Groups of interfaces. */
        GROUP("group", "group of interfaces", "default, or a number", 0xffff_ffffL);

        private final String file;
        private final String word;
        private final String example;
        private final long greatest;

        Kind(String file, String word, String example, long greatest) {
            this.file = file;
            this.word = word;
            this.example = example;
            this.greatest = greatest;
        }

        String word() {
            return word;
        }

        String example() {
            return example;
        }
    }

    private static final Map<Kind, Map<String, Long>> KERNEL = Map.of(
            Kind.TABLE, Map.of("default", 253L, "main", 254L, "local", 255L),
            Kind.SCOPE, Map.of("global", 0L, "universe", 0L, "site", 200L, "link", 253L, "host", 254L, "nowhere", 255L),
            Kind.PROTOCOL,
                    Map.of(
                            "redirect",
                            1L,
                            "kernel",
                            2L,
                            "boot",
                            3L,
                            "static",
                            4L,
                            "ra",
                            9L,
                            "dhcp",
                            16L,
                            "keepalived",
                            18L),
            Kind.GROUP, Map.of("default", 0L));

    private final List<Path> directories;
    private final Map<Kind, Map<String, Long>> known = new EnumMap<>(Kind.class);

    /** Names of the kernel and of the files in the given directories. */
    RouteNames(Path... directories) {
        this.directories = List.of(directories);
    }

    /** Names of this machine. */
    static RouteNames ofThisMachine() {
        return new RouteNames(Path.of("/usr/share/iproute2"), Path.of("/etc/iproute2"));
    }

    /** The number of a name, or a number itself, decimal or hexadecimal. */
    OptionalLong number(Kind kind, String text) {
        Long named = known.computeIfAbsent(kind, this::read).get(text);
        if (named != null) {
            return OptionalLong.of(named);
        }
        try {
            long number = Long.decode(text.matches("0[0-9]+") ? text.replaceFirst("^0+(?=.)", "") : text);
            return number >= 0 && number <= kind.greatest ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException notANumber) {
            return OptionalLong.empty();
        }
    }

    private Map<String, Long> read(Kind kind) {
        Map<String, Long> names = new HashMap<>(KERNEL.getOrDefault(kind, Map.of()));
        for (Path file : files(kind)) {
            try {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    String[] words = line.strip().split("\\s+", 3);
                    if (words.length >= 2 && words[0].matches("(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})")) {
                        names.put(words[1], Long.decode(words[0]));
                    }
                }
            } catch (IOException notThere) {
                // the kernel's names remain
            }
        }
        return names;
    }

    private List<Path> files(Kind kind) {
        List<Path> files = new ArrayList<>();
        for (Path directory : directories) {
            files.add(directory.resolve(kind.file));
            try (DirectoryStream<Path> more = Files.newDirectoryStream(directory.resolve(kind.file + ".d"), "*.conf")) {
                more.forEach(files::add);
            } catch (IOException notThere) {
                // as above
            }
        }
        return files;
    }
}
