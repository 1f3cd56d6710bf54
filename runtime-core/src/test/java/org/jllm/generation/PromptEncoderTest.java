package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

class PromptEncoderTest {
    private static final OptionalInt BOS = OptionalInt.of(0);
    private static final OptionalInt EOS = OptionalInt.of(1);

    private static int[] encode(String text, OptionalInt bos, OptionalInt eos) {
        Tokenizer tokenizer = new LetterTokenizer(10, bos, eos);
        return PromptEncoder.encode(MarkedText.of(text), tokenizer, true);
    }

    private static String text(int... ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(LetterTokenizer.letter(id));
        }
        return text.toString();
    }

    @Test
    void theTokenizersBosComesFirst() {
        assertThat(encode(text(5, 6), BOS, OptionalInt.empty())).containsExactly(0, 5, 6);
        assertThat(encode(text(5, 6), OptionalInt.empty(), OptionalInt.empty())).containsExactly(5, 6);
        assertThat(encode("", BOS, EOS)).containsExactly(0);
    }

    @Test
    void aTextThatBeginsWithBosGetsNoOther() {
        assertThat(encode(text(0, 5), BOS, EOS)).containsExactly(0, 5);
    }

    @Test
    void whatTheTokenizerEndsTextsWithDoesNotEndThePrompt() {
        assertThat(encode(text(5, 6), BOS, EOS)).containsExactly(0, 5, 6);
        assertThat(encode(text(5, 6), OptionalInt.empty(), EOS)).containsExactly(5, 6);
        assertThat(encode(text(5, 1), OptionalInt.empty(), EOS)).containsExactly(5, 1);
    }
}
