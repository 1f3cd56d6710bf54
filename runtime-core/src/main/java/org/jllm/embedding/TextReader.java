package org.jllm.embedding;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.InvalidRequestException;
import org.jllm.encoding.EncoderInput;
import org.jllm.tokenizer.Tokenizer;

/** Texts to tokens: a prompt before, special tokens around, cut where they are too long. Safe for use by several threads. */
final class TextReader {
    private static final String PROBE = "a";

    private final Tokenizer tokenizer;
    private final boolean lowerCase;
    private final int special;
    /** How many of the special tokens stand at the end. */
    private final int trailing;

    TextReader(Tokenizer tokenizer, boolean lowerCase) {
        this.tokenizer = tokenizer;
        this.lowerCase = lowerCase;
        int[] whole = tokenizer.encode(PROBE, true);
        int[] inner = tokenizer.encode(PROBE, false);
        special = whole.length - inner.length;
        trailing = special - leading(whole, inner);
    }

    private static int leading(int[] whole, int[] inner) {
        for (int start = 0; start + inner.length < whole.length; start++) {
            if (Arrays.equals(whole, start, start + inner.length, inner, 0, inner.length)) {
                return start;
            }
        }
        return whole.length - inner.length;
    }

    /** Tokens that the model surely knows, to try it with. */
    int[] probe() {
        int[] ids = tokenizer.encode(PROBE, true);
        return ids.length == 0 ? new int[] {0} : ids;
    }

    /**
     * Reads a text.
     *
     * @param prompt what comes before it, unless it is given as tokens
     * @param most tokens
     * @param truncate whether a longer one is cut, else it is refused
     * @throws InvalidRequestException if it has no token, or too many
     */
    PreparedText read(EmbeddingInput input, String prompt, int most, boolean truncate) {
        if (input instanceof EmbeddingInput.Text text) {
            int[] ids = ids(prompt + text.text());
            return prepared(ids, trailing, prompt.isEmpty() ? 0 : promptTokens(prompt), most, truncate);
        }
        return prepared(((EmbeddingInput.Tokens) input).ids(), 0, 0, most, truncate);
    }

    private PreparedText prepared(int[] ids, int kept, int promptTokens, int most, boolean truncate) {
        if (ids.length == 0) {
            throw new InvalidRequestException("the text is empty");
        }
        if (ids.length > most && !truncate) {
            throw new InvalidRequestException(
                    "the text has " + ids.length + " tokens, but the model takes " + most + ": shorten it");
        }
        return new PreparedText(EncoderInput.of(cut(ids, kept, most)), promptTokens, ids.length > most);
    }

    private int[] cut(int[] ids, int kept, int most) {
        if (ids.length <= most) {
            return ids;
        }
        if (most <= special) {
            throw new InvalidRequestException(
                    "max_tokens must be more than the " + special + " special tokens around a text, not " + most);
        }
        int[] cut = Arrays.copyOf(ids, most);
        System.arraycopy(ids, ids.length - kept, cut, most - kept, kept);
        return cut;
    }

    /** The ids of a text with the special tokens around it. */
    int[] ids(String text) {
        return tokenizer.encode(lowerCase ? lower(text) : text, true);
    }

    /** As the reference counts them: those at the end that are special are not of the prompt. */
    private int promptTokens(String prompt) {
        int[] ids = ids(prompt);
        Set<Integer> specials = tokenizer.specialTokens().ids();
        return ids.length > 0 && specials.contains(ids[ids.length - 1]) ? ids.length - 1 : ids.length;
    }

    /** Character by character, since none looks at its neighbours in the reference. */
    private static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> lower.append(Character.toString(point).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }
}
