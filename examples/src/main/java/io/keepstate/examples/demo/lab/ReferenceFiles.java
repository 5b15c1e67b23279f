// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The files of the reference setup, as they are, and the one difference a node with keepalived needs. Pure. */
final class ReferenceFiles {
    private ReferenceFiles() {}

    /** The file as the reference setup has it. */
    static String read(String name) {
        try (InputStream in = ReferenceFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no reference file " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The same keepalived.conf with another priority in all instances. */
    static String withPriority(String keepalivedConf, int priority) {
        return keepalivedConf.replaceAll("(?m)^(\\s*priority) \\d+$", "$1 " + priority);
    }

    /**
     * The same keepalived.conf with the IPv6 addresses of each {@code virtual_ipaddress} block in a block {@code
     * virtual_ipaddress_excluded} behind it: keepalived refuses an address of another family than the instance's.
     */
    static String forKeepalived(String keepalivedConf) {
        List<String> out = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        boolean inAddresses = false;
        for (String line : keepalivedConf.lines().toList()) {
            if (line.strip().equals("virtual_ipaddress {")) {
                inAddresses = true;
            } else if (inAddresses && line.contains(":")) {
                excluded.add(line);
                continue;
            }
            out.add(line);
            if (inAddresses && line.strip().equals("}")) {
                inAddresses = false;
                if (!excluded.isEmpty()) {
                    out.add("    virtual_ipaddress_excluded {");
                    out.addAll(excluded);
                    out.add("    }");
                    excluded.clear();
                }
            }
        }
        return String.join("\n", out) + "\n";
    }
}
