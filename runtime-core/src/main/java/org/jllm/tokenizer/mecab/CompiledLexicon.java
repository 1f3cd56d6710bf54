package org.jllm.tokenizer.mecab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;

/**
 * A dictionary that {@code mecab-dict-index} compiled: a header, a double array of the words' UTF-8 bytes, the tokens of 16
 * bytes that its values point at, and features, which are not read. An element of the double array is a base and a check; a
 * value is the index of the word's first token and, in its lowest 8 bits, their number.
 */
final class CompiledLexicon implements Lexicon {
    private static final int MAGIC = 0xEF718F77;
    private static final int VERSION = 102;
    private static final int TOKEN_BYTES = 16;

    private final Path file;
    private final IntBuffer units;
    private final ByteBuffer tokens;

    private CompiledLexicon(Path file, IntBuffer units, ByteBuffer tokens) {
        this.file = file;
        this.units = units;
        this.tokens = tokens;
    }

    /**
     * Maps a dictionary.
     *
     * @throws InvalidModelException if the file is damaged, or has contexts that the matrix lacks
     * @throws UnsupportedModelException if it was compiled for another encoding than UTF-8
     */
    static CompiledLexicon read(Path file, ConnectionMatrix connections) {
        ByteBuffer bytes = DictionaryFile.map(file).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < DictionaryHeader.BYTES || (bytes.getInt(0) ^ MAGIC) != bytes.remaining()) {
            throw damaged(file, "its size is not the one in its header");
        }
        if (bytes.getInt(4) != VERSION) {
            throw new UnsupportedModelException(file + " has the format " + bytes.getInt(4) + " and not " + VERSION
                    + ": compile it with MeCab 0.996");
        }
        String name = DictionaryHeader.charset(bytes);
        if (!DictionaryHeader.isUtf8(name)) {
            throw new UnsupportedModelException(file + " is in the encoding " + name
                    + ": give a dictionary that was compiled for UTF-8");
        }
        long trieBytes = Integer.toUnsignedLong(bytes.getInt(24));
        long tokenBytes = Integer.toUnsignedLong(bytes.getInt(28));
        if (trieBytes % (2 * Integer.BYTES) != 0
                || trieBytes == 0
                || tokenBytes % TOKEN_BYTES != 0
                || DictionaryHeader.BYTES + trieBytes + tokenBytes > bytes.remaining()) {
            throw damaged(file, "its parts do not fit");
        }
        IntBuffer units = bytes.slice(DictionaryHeader.BYTES, (int) trieBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
        ByteBuffer tokens = bytes.slice(DictionaryHeader.BYTES + (int) trieBytes, (int) tokenBytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < tokens.limit(); at += TOKEN_BYTES) {
            if (!connections.has(right(tokens, at), left(tokens, at))) {
                throw damaged(file, "a word has a context that the matrix lacks; is it for another dictionary?");
            }
        }
        return new CompiledLexicon(file, units, tokens);
    }

    private static InvalidModelException damaged(Path file, String why) {
        return new InvalidModelException(file + " is damaged or no MeCab dictionary: " + why);
    }

    private static int left(ByteBuffer tokens, int at) {
        return Short.toUnsignedInt(tokens.getShort(at));
    }

    private static int right(ByteBuffer tokens, int at) {
        return Short.toUnsignedInt(tokens.getShort(at + 2));
    }

    @Override
    public void find(Sentence sentence, int start, Found found) {
        byte[] bytes = sentence.bytes();
        int base = base(0);
        for (int at = start; at < sentence.length(); ) {
            int next = at + sentence.width(at);
            int end = sentence.byteAt(next);
            for (int i = sentence.byteAt(at); i < end; i++) {
                int unit = base + (bytes[i] & 0xFF) + 1;
                if (!follows(unit, base)) {
                    return;
                }
                base = base(unit);
            }
            at = next;
            int value = follows(base, base) ? base(base) : 0;
            if (value < 0) {
                report(-value - 1, at, found);
            }
        }
    }

    /** The words of an unknown dictionary by the names of the categories. */
    UnknownWords unknownWords(List<String> categories) {
        List<List<UnknownWords.Candidate>> all = new ArrayList<>();
        for (String category : categories) {
            List<UnknownWords.Candidate> candidates = new ArrayList<>();
            find(new Sentence(category), 0, (end, left, right, cost) -> {
                if (end == category.length()) {
                    candidates.add(new UnknownWords.Candidate(left, right, cost));
                }
            });
            if (candidates.isEmpty()) {
                throw damaged(file, "it has nothing for the category " + category);
            }
            all.add(candidates);
        }
        return new UnknownWords(all);
    }

    private void report(int value, int end, Found found) {
        int first = value >>> 8;
        int count = value & 0xFF;
        if ((first + (long) count) * TOKEN_BYTES > tokens.limit()) {
            throw damaged(file, "a word points behind its tokens");
        }
        for (int i = 0; i < count; i++) {
            int at = (first + i) * TOKEN_BYTES;
            found.word(end, left(tokens, at), right(tokens, at), tokens.getShort(at + 6));
        }
    }

    private int base(int unit) {
        return units.get(2 * unit);
    }

    private boolean follows(int unit, int base) {
        return unit >= 0 && unit < units.limit() / 2 && units.get(2 * unit + 1) == base;
    }
}
