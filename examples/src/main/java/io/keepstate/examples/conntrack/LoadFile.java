// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines in a file, such as {@code -o save} prints them: all are read, and only then carried out. */
final class LoadFile {
    private LoadFile() {}

    /** Reads a file, or {@code in} for {@code -}; empty lines and lines that begin with # say nothing. */
    static List<Arguments> read(String name, InputStream in, PrintStream err) {
        List<Arguments> commands = new ArrayList<>();
        try (BufferedReader lines = open(name, in)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = words(line);
                boolean says = !words.isEmpty() && !words.get(0).startsWith("#");
                if (says && words.get(0).equals("conntrack")) {
                    words.remove(0);
                }
                if (says) {
                    commands.add(ArgumentParser.parse(words, err));
                }
            }
        } catch (IOException e) {
            throw Refusal.parameter("Failed to open file " + name + " for reading");
        }
        commands.forEach(LoadFile::check);
        return commands;
    }

    private static BufferedReader open(String name, InputStream in) throws IOException {
        // Octets that are no text are words like others, to be refused as such.
        return new BufferedReader(new InputStreamReader(octets(name, in), StandardCharsets.UTF_8));
    }

    private static InputStream octets(String name, InputStream in) throws IOException {
        if (name.equals("-")) {
            return in;
        }
        if (name.isEmpty()) {
            throw new NoSuchFileException(name); // to Path it is the directory we are in
        }
        Path file = Path.of(name);
        // As fopen(3) has it: a directory can be opened, and nothing is in it.
        return Files.isDirectory(file) ? InputStream.nullInputStream() : Files.newInputStream(file);
    }

    private static void check(Arguments command) {
        switch (command.verb()) {
            case CREATE, ADD, UPDATE, DELETE, FLUSH -> {
                // these change something
            }
            default -> {
                throw Refusal.parameter("Cannot use command `" + command.verb().words() + "' with --load-file");
            }
        }
    }

    /** Words between blanks; double quotes hold one together. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        int length = line.length();
        for (int i = 0; i < length; i++) {
            if (!Character.isWhitespace(line.charAt(i))) {
                int end = endOfWord(line, i);
                words.add(line.substring(i, end).replace("\"", ""));
                i = end;
            }
        }
        return words;
    }

    private static int endOfWord(String line, int from) {
        boolean quoted = false;
        int end = from;
        while (end < line.length() && (quoted || !Character.isWhitespace(line.charAt(end)))) {
            quoted ^= line.charAt(end) == '"';
            end++;
        }
        return end;
    }
}
