// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a demo could leave on the machine it ran on: links, addresses, mounts, named namespaces, files in /run and /tmp.
 *
 * @param facts one line each
 */
record HostState(Set<String> facts) {
    /**
     * What our programs and their libraries could leave in /tmp; other programs may use it while the demo runs, and so may
     * the labs of other tests.
     */
    private static final Pattern OURS = Pattern.compile("/tmp/(?!keepstate-lab).*(keepstate|jffi|jnr|netty|logback).*");

    static HostState read() throws IOException {
        Set<String> facts = new TreeSet<>();
        try (Stream<String> links = Files.lines(Path.of("/proc/self/net/dev"))) {
            links.skip(2)
                    .forEach(line -> facts.add(
                            "link " + line.substring(0, line.indexOf(':')).strip()));
        }
        facts.addAll(Files.readAllLines(Path.of("/proc/self/net/if_inet6")));
        facts.addAll(Files.readAllLines(Path.of("/proc/self/net/fib_trie")));
        facts.addAll(Files.readAllLines(Path.of("/proc/self/mountinfo")));
        files("/run", 3, facts);
        files("/tmp", 1, facts);
        return new HostState(facts);
    }

    /** What is here and was not there, or the reverse. */
    Set<String> difference(HostState before) {
        Set<String> difference = new TreeSet<>(facts);
        difference.removeAll(before.facts);
        before.facts.stream().filter(fact -> !facts.contains(fact)).forEach(fact -> difference.add("gone: " + fact));
        return difference;
    }

    private static void files(String directory, int depth, Set<String> facts) throws IOException {
        try (Stream<Path> paths = Files.walk(Path.of(directory), depth, new FileVisitOption[0])) {
            paths.map(Path::toString)
                    .filter(path ->
                            !path.startsWith("/tmp/") || OURS.matcher(path).matches())
                    .forEach(facts::add);
        }
    }
}
