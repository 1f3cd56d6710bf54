package org.jllm.tokenizer.mecab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.Charset;
import java.nio.file.Path;
import org.jllm.api.InvalidModelException;

/** A file of a dictionary. */
final class DictionaryFile {
    private DictionaryFile() {}

    /** The bytes of a file, mapped. */
    static ByteBuffer map(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw new InvalidModelException(file + " is no MeCab dictionary: it is larger than 2 GiB");
            }
            return channel.map(MapMode.READ_ONLY, 0, size);
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The chars before the first NUL. */
    static String text(byte[] field, Charset charset) {
        String text = new String(field, charset);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
