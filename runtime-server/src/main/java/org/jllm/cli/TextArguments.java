package org.jllm.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The texts that a command is about. */
final class TextArguments {
    private TextArguments() {}

    /** The text that was given, or else the lines of standard input as they come. */
    static Iterator<String> orLines(@Nullable String text) {
        return text != null
                ? Stream.of(text).iterator()
                : new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                        .lines()
                        .iterator();
    }
}
