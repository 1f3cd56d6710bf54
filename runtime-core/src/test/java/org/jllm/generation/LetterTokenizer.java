package org.jllm.generation;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.tokenizer.EncodedPair;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.SpecialTokens;
import org.jllm.tokenizer.Tokenizer;

/** Every id is a letter: 0 is {@code 一}, 1 the one after it. */
final class LetterTokenizer implements Tokenizer {
    private static final char FIRST = '一';
    private final int size;
    private final SpecialTokens special;

    LetterTokenizer(int size) {
        this(size, OptionalInt.empty(), OptionalInt.empty());
    }

    /** Puts these ids before and after a text. */
    LetterTokenizer(int size, OptionalInt bos, OptionalInt eos) {
        this.size = size;
        this.special = new SpecialTokens(bos, eos, Map.of(), Set.of());
    }

    static String letter(int id) {
        return Character.toString((char) (FIRST + id));
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        IntStream ids = text.text().chars().map(c -> c - FIRST);
        return addSpecialTokens
                ? IntStream.concat(special.bos().stream(), IntStream.concat(ids, special.eos().stream()))
                        .toArray()
                : ids.toArray();
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        throw new AssertionError("not for pairs");
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(letter(id));
        }
        return text.toString();
    }

    @Override
    public byte[] bytes(int id) {
        return letter(id).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int leadingSpacesDropped() {
        return 0;
    }

    @Override
    public String token(int id) {
        return letter(id);
    }

    @Override
    public OptionalInt id(String token) {
        return OptionalInt.of(token.charAt(0) - FIRST);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public SpecialTokens specialTokens() {
        return special;
    }
}
