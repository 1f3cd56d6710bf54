package org.jllm.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/** Text to ids and back. Implementations are safe for use by several threads. */
public interface Tokenizer extends AutoCloseable {
    /**
     * The ids of a text.
     *
     * @param text special tokens written in it count as such, but for its literal ranges
     * @param addSpecialTokens whether BOS, EOS and the like are added as the model's configuration says
     */
    int[] encode(MarkedText text, boolean addSpecialTokens);

    /** The ids of a text in which special tokens count as such everywhere. */
    default int[] encode(String text, boolean addSpecialTokens) {
        return encode(MarkedText.of(text), addSpecialTokens);
    }

    /** The ids of two texts with the special tokens that belong between them. */
    EncodedPair encodePair(String first, String second);

    /** The text of ids, as the reference's {@code decode} gives it: bytes that are no UTF-8 become U+FFFD. */
    String decode(int[] ids, boolean skipSpecialTokens);

    /**
     * The UTF-8 bytes that a token adds to a running text, possibly a part of a character. A special token gives the
     * bytes of its name.
     */
    byte[] bytes(int id);

    /**
     * Turns the ids of one text into text as they come.
     *
     * @param skipSpecialTokens true: with the same result as {@link #decode} without special tokens; false: special tokens
     *     stand in the text by name, with nothing put between
     */
    default Detokenizer detokenizer(boolean skipSpecialTokens) {
        return new BytesDetokenizer(this, skipSpecialTokens);
    }

    /** How many spaces {@link #decode} drops at most from the beginning of a text. */
    default int leadingSpacesDropped() {
        return 0;
    }

    /** The token's name in the vocabulary. */
    String token(int id);

    /** The id of a token by its name in the vocabulary. */
    OptionalInt id(String token);

    /** Number of ids, added tokens included: ids are at least 0 and below this. */
    int size();

    /** Number of tokens of the model's own vocabulary, without those that were added, as the reference counts them. */
    default int vocabularySize() {
        return size();
    }

    /** Number of tokens with those that were added, as the reference counts them: fewer than ids where some have no token. */
    default int length() {
        return size();
    }

    SpecialTokens specialTokens();

    /** The ids that end a text where the model's files do not name any elsewhere. */
    default Set<Integer> endIds() {
        OptionalInt eos = specialTokens().eos();
        return eos.isPresent() ? Set.of(eos.getAsInt()) : Set.of();
    }

    @Override
    default void close() {}
}
