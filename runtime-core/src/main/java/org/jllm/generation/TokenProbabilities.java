package org.jllm.generation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.TokenLogprob;
import org.jllm.tokenizer.Tokenizer;

/** Log-probabilities of tokens, from the logits of a row as the model computed them. Safe for use by several threads. */
final class TokenProbabilities {
    private final Tokenizer tokenizer;
    private final int vocabularySize;

    TokenProbabilities(Tokenizer tokenizer, int vocabularySize) {
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
    }

    /** The log-probability of a token, beside those of the {@code top} most probable ones. */
    TokenLogprob of(float[] logits, int id, int top, int textOffset) {
        double normalizer = LogSumExp.of(logits, vocabularySize);
        List<TokenLogprob> best = new ArrayList<>(top);
        for (int candidate : best(logits, top)) {
            best.add(token(candidate, logits[candidate] - normalizer, true, textOffset, List.of()));
        }
        return token(id, logits[id] - normalizer, true, textOffset, best);
    }

    /** The first token of a prompt, which nothing stands before. */
    TokenLogprob unpredicted(int id, int textOffset) {
        return token(id, 0, false, textOffset, List.of());
    }

    /** The ids of the greatest logits in descending order, the lower ids first among equals. */
    private int[] best(float[] logits, int count) {
        int[] best = new int[Math.min(count, vocabularySize)];
        int size = 0;
        for (int id = 0; id < vocabularySize && best.length > 0; id++) {
            if (size == best.length && logits[id] <= logits[best[size - 1]]) {
                continue;
            }
            int place = size < best.length ? size++ : size - 1;
            while (place > 0 && logits[id] > logits[best[place - 1]]) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = id;
        }
        return best;
    }

    private TokenLogprob token(int id, double logprob, boolean predicted, int textOffset, List<TokenLogprob> top) {
        byte[] bytes = id < tokenizer.size() ? tokenizer.bytes(id) : new byte[0];
        List<Integer> unsigned = new ArrayList<>(bytes.length);
        for (byte value : bytes) {
            unsigned.add(value & 0xFF);
        }
        return new TokenLogprob(id, text(bytes), unsigned, logprob, predicted, textOffset, top);
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            StringBuilder text = new StringBuilder("bytes:");
            for (byte value : bytes) {
                text.append(String.format("\\x%02x", value & 0xFF));
            }
            return text.toString();
        }
    }
}
