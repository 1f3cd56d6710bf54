package org.jllm.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jllm.api.InvalidRequestException;
import org.jllm.catalogue.ByteSize;

/**
 * A text to measure a model on.
 *
 * @param bytes of it in UTF-8
 * @param characters of Unicode
 */
public record EvaluationText(String text, long bytes, long characters) {
    /** A text stays in memory, beside its ids. */
    private static final int MOST_BYTES = 256 << 20;

    /**
     * Reads a file as it is.
     *
     * @throws InvalidRequestException if it cannot be read, is empty, is not UTF-8, or is larger than 256 MiB
     */
    public static EvaluationText read(Path file) {
        return read(file, MOST_BYTES);
    }

    static EvaluationText read(Path file, int mostBytes) {
        byte[] content = bytes(file, mostBytes + 1);
        if (content.length == 0) {
            throw new InvalidRequestException(file + " is empty: there is no text to measure");
        }
        if (content.length > mostBytes) {
            throw new InvalidRequestException(
                    file + " is larger than " + ByteSize.format(mostBytes) + ": take a part of it");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return new EvaluationText(text, content.length, text.codePointCount(0, text.length()));
        } catch (CharacterCodingException e) {
            throw new InvalidRequestException(file + " is not a text in UTF-8: convert it first, as with iconv", e);
        }
    }

    private static byte[] bytes(Path file, int most) {
        if (Files.isDirectory(file)) {
            throw new InvalidRequestException(file + " is a folder: name a file with a text");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        } catch (NoSuchFileException e) {
            throw new InvalidRequestException("there is no file " + file, e);
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
