package org.jllm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say what a model has to do while it is measured. */
final class WorkFlags {
    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            split = ",",
            description = "Lengths of prompts, one after the other. Default: 128, with --compare 128,512.")
    @Nullable
    List<Integer> promptTokens;

    @Option(
            names = "--generate",
            paramLabel = "N",
            description = "Tokens that follow a prompt. Default: 64, with --compare 32.")
    private @Nullable Integer generate;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measurements, of which the median counts; with --compare rounds. Default: ${DEFAULT-VALUE}.")
    int repeat;

    @Option(
            names = "--streams",
            paramLabel = "N",
            split = ",",
            description = "Measures N texts at once instead, for each of these: all their tokens a second together."
                    + " Default with --compare: 1,8.")
    @Nullable
    List<Integer> streams;

    @Option(
            names = "--sentences",
            paramLabel = "N",
            description = "Of mixed length, for an encoder. Default: 1000, with --compare 200.")
    private @Nullable Integer sentences;

    @Option(
            names = "--texts",
            paramLabel = "FILE",
            description = "Measures the vectors of the lines of FILE instead, from text to vector.")
    @Nullable
    Path texts;

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            description = "Sentences or texts that an encoder gets at a time, for each of these. Default: all.")
    private @Nullable List<Integer> batches;

    List<Integer> promptTokens(List<Integer> usual) {
        return promptTokens == null ? usual : promptTokens;
    }

    int generate(int usual) {
        return Objects.requireNonNullElse(generate, usual);
    }

    int sentences(int usual) {
        return Objects.requireNonNullElse(sentences, usual);
    }

    /** So many at a time, of so many. */
    List<Integer> batches(int all) {
        return batches == null ? List.of(Math.max(1, all)) : batches;
    }

    /** The lines of a file. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read the texts of " + file + ": " + e, e);
        }
    }
}
