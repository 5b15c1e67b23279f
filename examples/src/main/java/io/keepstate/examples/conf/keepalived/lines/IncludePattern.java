// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * The file name of an {@code include}, as glob(3) with GLOB_BRACE reads it: {@code {a,b}} first, then {@code * ? [..]} in
 * each part of the path. A wildcard does not match a leading dot.
 *
 * @param text as written
 */
record IncludePattern(String text) {

    /** Whether it has wildcards. */
    boolean hasWildcards() {
        return isWild(text);
    }

    /** The patterns its braces stand for; itself without any. */
    List<IncludePattern> alternatives() {
        int open = text.indexOf('{');
        int close = open < 0 ? -1 : closing(open);
        if (close < 0) {
            return List.of(this);
        }
        List<IncludePattern> all = new ArrayList<>();
        for (String choice : choices(open + 1, close)) {
            String one = text.substring(0, open) + choice + text.substring(close + 1);
            all.addAll(new IncludePattern(one).alternatives());
        }
        return all;
    }

    /** The files of a pattern without braces, sorted; none where nothing matches. */
    List<Path> files(Path directory) {
        List<Path> found = List.of(text.startsWith("/") ? Path.of("/") : directory);
        for (String part : text.split("/+", -1)) {
            if (!part.isEmpty()) {
                List<Path> next = new ArrayList<>();
                for (Path each : found) {
                    next.addAll(step(each, part));
                }
                found = next;
            }
        }
        return found;
    }

    private static List<Path> step(Path directory, String part) {
        if (!isWild(part)) {
            Path path = directory.resolve(part);
            return Files.exists(path) ? List.of(path) : List.of();
        }
        List<Path> matching = new ArrayList<>();
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + part);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    Path name = entry.getFileName();
                    if (name != null
                            && matcher.matches(name)
                            && (part.startsWith(".") || !name.toString().startsWith("."))) {
                        matching.add(entry);
                    }
                }
            }
        } catch (IOException | PatternSyntaxException nothingThere) {
            return List.of(); // glob(3) finds nothing in what cannot be listed
        }
        matching.sort(null);
        return matching;
    }

    private static boolean isWild(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
    }

    private int closing(int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private List<String> choices(int from, int to) {
        List<String> choices = new ArrayList<>();
        int depth = 0;
        int begin = from;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth == 0) {
                choices.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        choices.add(text.substring(begin, to));
        return choices;
    }
}
