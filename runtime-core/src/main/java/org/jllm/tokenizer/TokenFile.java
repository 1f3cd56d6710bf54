package org.jllm.tokenizer;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;

/** Reads the text files of tokenizers, UTF-8 of limited size. */
final class TokenFile {
    private static final long LARGEST_FILE = 1L << 28;

    private TokenFile() {}

    /** The lines as Python's text files give them: they end at LF, CR LF or CR. */
    static List<String> lines(Path file) {
        String text = text(file);
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                lines.add(text.substring(start, i));
                i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /** The whole file. */
    static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new InvalidModelException(
                        file + " is no vocabulary: it has more than " + LARGEST_FILE + " bytes; get the file anew");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ModelNotFoundException(file + " does not exist; get the tokenizer's files", e);
        } catch (CharacterCodingException e) {
            throw new InvalidModelException(file + " is no UTF-8 text; get the file anew", e);
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
