package org.jllm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jllm.api.InvalidRequestException;
import org.jllm.corpus.TextSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the texts of a corpus come from. */
final class InputFlags {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(names = "--input", paramLabel = "FILE", description = "The texts, a line each, instead of standard input.")
    private @Nullable Path input;

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "Each line is a JSON object, and this field of it the text; of several, one after the other.")
    private List<String> fields = List.of();

    @Option(
            names = "--column",
            paramLabel = "NAME",
            description = "The input is CSV with a line of names, and this column of it the text; of several, one after"
                    + " the other.")
    private List<String> columns = List.of();

    /** Whether any of the flags is given. */
    boolean areGiven() {
        return input != null || !fields.isEmpty() || !columns.isEmpty();
    }

    /** Whether lines come from a person. */
    boolean isTyped() {
        return !areGiven() && Terminal.isTypedInto();
    }

    /** Bytes of the input; 0 if that is not known. */
    long bytes() {
        try {
            return input == null ? 0 : Files.size(input);
        } catch (IOException e) {
            return 0;
        }
    }

    /** @throws InvalidRequestException if the file cannot be read */
    TextSource open() {
        if (!fields.isEmpty() && !columns.isEmpty()) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "give either --field or --column");
        }
        InputStream in = stream();
        if (!fields.isEmpty()) {
            return TextSource.json(in, fields);
        }
        return columns.isEmpty() ? TextSource.lines(in) : TextSource.csv(in, columns);
    }

    private InputStream stream() {
        try {
            return input == null ? System.in : Files.newInputStream(input);
        } catch (NoSuchFileException e) {
            throw new InvalidRequestException("there is no file " + input, e);
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read " + input + ": " + e.getMessage(), e);
        }
    }
}
