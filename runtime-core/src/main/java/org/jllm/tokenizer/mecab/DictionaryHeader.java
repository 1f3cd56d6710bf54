package org.jllm.tokenizer.mecab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jllm.api.InvalidModelException;

/**
 * What the first bytes of a compiled dictionary tell of it.
 *
 * @param charset the encoding of its words, as it calls it
 * @param rights how many right contexts its matrix has
 * @param lefts how many left contexts
 */
public record DictionaryHeader(String charset, int rights, int lefts) {
    /** The file by which a folder is known as a dictionary. */
    static final String SYSTEM_LEXICON = "sys.dic";

    static final String MATRIX = "matrix.bin";

    /** Of a lexicon. */
    static final int BYTES = 72;

    private static final int CHARSET_BYTES = 32;

    /** Whether a folder looks like a compiled dictionary. */
    public static boolean isDictionary(Path folder) {
        return Files.isRegularFile(folder.resolve(SYSTEM_LEXICON)) && Files.isRegularFile(folder.resolve(MATRIX));
    }

    /**
     * Reads the first bytes of a dictionary.
     *
     * @throws InvalidModelException if a file is missing or too short
     */
    public static DictionaryHeader read(Path folder) {
        ByteBuffer matrix = head(folder.resolve(MATRIX), 2 * Short.BYTES);
        return new DictionaryHeader(
                charset(head(folder.resolve(SYSTEM_LEXICON), BYTES)),
                Short.toUnsignedInt(matrix.getShort()),
                Short.toUnsignedInt(matrix.getShort()));
    }

    /** Whether the words are in UTF-8. */
    public boolean isUtf8() {
        return isUtf8(charset);
    }

    static boolean isUtf8(String charset) {
        return charset.toLowerCase(Locale.ROOT).replace("-", "").equals("utf8");
    }

    /** The encoding that the header of a lexicon names. */
    static String charset(ByteBuffer lexicon) {
        byte[] name = new byte[CHARSET_BYTES];
        lexicon.get(BYTES - CHARSET_BYTES, name);
        return DictionaryFile.text(name, StandardCharsets.US_ASCII);
    }

    private static ByteBuffer head(Path file, int bytes) {
        ByteBuffer head = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file)) {
            int read = 0;
            while (head.hasRemaining() && read >= 0) {
                read = channel.read(head);
            }
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (head.hasRemaining()) {
            throw new InvalidModelException(file + " is damaged: it ends too early");
        }
        return head.flip();
    }
}
