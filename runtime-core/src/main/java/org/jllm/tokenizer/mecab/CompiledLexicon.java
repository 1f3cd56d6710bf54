package org.jllm.tokenizer.mecab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    /** No element has this base: it would lie outside of any file. */
    private static final int NONE = Integer.MIN_VALUE;

    private final Path file;
    /** Base and check of each element, one after the other. */
    private final int[] units;
    /** Of each token: its contexts, the left one above the right one, and its cost. */
    private final int[] tokens;

    private CompiledLexicon(Path file, int[] units, int[] tokens) {
        this.file = file;
        this.units = units;
        this.tokens = tokens;
    }

    /**
     * Reads a dictionary.
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
            throw new UnsupportedModelException(
                    file + " is in the encoding " + name + ": give a dictionary that was compiled for UTF-8");
        }
        long trieBytes = Integer.toUnsignedLong(bytes.getInt(24));
        long tokenBytes = Integer.toUnsignedLong(bytes.getInt(28));
        if (trieBytes % (2 * Integer.BYTES) != 0
                || trieBytes == 0
                || tokenBytes % TOKEN_BYTES != 0
                || DictionaryHeader.BYTES + trieBytes + tokenBytes > bytes.remaining()) {
            throw damaged(file, "its parts do not fit");
        }
        int[] units = new int[(int) trieBytes / Integer.BYTES];
        bytes.position(DictionaryHeader.BYTES).asIntBuffer().get(units);
        int[] tokens = new int[2 * (int) (tokenBytes / TOKEN_BYTES)];
        for (int i = 0; i < tokens.length; i += 2) {
            int at = DictionaryHeader.BYTES + (int) trieBytes + i / 2 * TOKEN_BYTES;
            int left = Short.toUnsignedInt(bytes.getShort(at));
            int right = Short.toUnsignedInt(bytes.getShort(at + 2));
            if (!connections.has(right, left)) {
                throw damaged(file, "a word has a context that the matrix lacks; is it for another dictionary?");
            }
            tokens[i] = left << 16 | right;
            tokens[i + 1] = bytes.getShort(at + 6);
        }
        return new CompiledLexicon(file, units, tokens);
    }

    private static InvalidModelException damaged(Path file, String why) {
        return new InvalidModelException(file + " is damaged or no MeCab dictionary: " + why);
    }

    @Override
    public void find(Sentence sentence, int start, Found found) {
        int base = units[0];
        int at = start;
        while (at < sentence.length()) {
            char c = sentence.charAt(at++);
            if (c < 0x80) {
                base = follow(base, c);
            } else if (c < 0x800) {
                base = follow(follow(base, 0xC0 | (c >> 6)), 0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                base = follow(follow(follow(base, 0xE0 | (c >> 12)), 0x80 | ((c >> 6) & 0x3F)), 0x80 | (c & 0x3F));
            } else if (sentence.width(at - 1) == 2) {
                int point = Character.toCodePoint(c, sentence.charAt(at++));
                base = follow(follow(base, 0xF0 | (point >> 18)), 0x80 | ((point >> 12) & 0x3F));
                base = follow(follow(base, 0x80 | ((point >> 6) & 0x3F)), 0x80 | (point & 0x3F));
            } else {
                return; // half a pair has no UTF-8
            }
            if (base == NONE) {
                return;
            }
            int value = follows(base, base) ? units[2 * base] : 0;
            if (value < 0) {
                report(-value - 1, at, found);
            }
        }
    }

    /** The base after a byte, or {@link #NONE} where no word goes on so. */
    private int follow(int base, int next) {
        int unit = base + next + 1;
        return base != NONE && follows(unit, base) ? units[2 * unit] : NONE;
    }

    /** The words of an unknown dictionary by the names of the categories. */
    UnknownWords unknownWords(List<String> categories) {
        List<List<UnknownWords.Candidate>> all = new ArrayList<>();
        for (String category : categories) {
            List<UnknownWords.Candidate> candidates = new ArrayList<>();
            find(new Sentence().set(category), 0, (end, left, right, cost) -> {
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
        if (2L * first + 2L * count > tokens.length) {
            throw damaged(file, "a word points behind its tokens");
        }
        for (int i = 2 * first; i < 2 * (first + count); i += 2) {
            found.word(end, tokens[i] >>> 16, tokens[i] & 0xFFFF, tokens[i + 1]);
        }
    }

    private boolean follows(int unit, int base) {
        int at = 2 * unit + 1;
        return at > 0 && at < units.length && units[at] == base;
    }
}
