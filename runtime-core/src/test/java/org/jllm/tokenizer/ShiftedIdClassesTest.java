package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ids worked out by hand: pieces are one later than in the model, codes of languages and the mask come behind them. */
class ShiftedIdClassesTest {
    private static PythonTokenizer create(String name, ObjectNode config) {
        SentencePieceModel model = TinyModel.of(SentencePieceFile.UNIGRAM)
                .piece("<s>", 0, PieceType.CONTROL)
                .piece("</s>", 0, PieceType.CONTROL)
                .piece("▁", -1)
                .piece("a", -1)
                .piece("東", -1)
                .build();
        return SentencePieceClasses.create(name, model, config, Map.of());
    }

    @Test
    void unknownPiecesHaveTheIdOfTheUnknownToken() {
        Tokenizer usual = create("XLMRobertaTokenizer", TokenizerJson.object());
        assertThat(usual.encode("a水東", true)).containsExactly(0, 5, 3, 6, 2);
        assertThat(usual.id("<mask>")).hasValue(7);
        Tokenizer own = create("XLMRobertaTokenizer", TokenizerJson.object().put("unk_token", "[UNK]"));
        assertThat(own.id("[UNK]")).hasValue(8);
        assertThat(own.encode("a水東", true)).containsExactly(0, 5, 8, 6, 2);
    }

    @Test
    void mbartCountsMoreTypesThanIds() {
        Tokenizer tokenizer = create("MBartTokenizer", TokenizerJson.object().put("src_lang", "ja_XX"));
        assertThat(tokenizer.encode("a", true)).containsExactly(5, 2, 18);
        EncodedPair pair = tokenizer.encodePair("a", "東");
        assertThat(pair.ids()).containsExactly(5, 6, 2, 18);
        assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 0, 0);
    }
}
