package org.jllm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceTest {
    @TempDir
    Path folder;

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content.replace('\'', '"'));
    }

    private void model(String name) throws IOException {
        Files.copy(EveryKind.OWN, folder.resolve(name));
    }

    private String choice(String kind) {
        return Tokenizers.choose(folder, kind).text();
    }

    @ParameterizedTest
    @CsvSource({
        "spiece.model, T5Tokenizer",
        "tokenizer.model, LlamaTokenizer",
        "sentencepiece.bpe.model, XLMRobertaTokenizer",
        "spm.model, DebertaV2Tokenizer",
        "other_name.model, ReformerTokenizer"
    })
    void aClassFindsItsModel(String file, String name) throws IOException {
        model(file);
        write("tokenizer_config.json", "{'tokenizer_class': '" + name + "', 'unk_token': '<unk>'}");
        assertThat(choice(null)).isEqualTo(name + " over " + file + " (tokenizer_class in tokenizer_config.json)");
        try (Tokenizer tokenizer = Tokenizers.load(folder)) {
            assertThat(tokenizer.encode("日本語", false)).isNotEmpty();
        }
    }

    @Test
    void theModelTypeNamesAClassWhereNothingElseDoes() throws IOException {
        model("spiece.model");
        write("config.json", "{'model_type': 't5'}");
        assertThat(choice(null)).isEqualTo("T5Tokenizer over spiece.model (model_type t5 in config.json)");
        write("config.json", "{'model_type': 't5', 'tokenizer_class': 'AlbertTokenizer'}");
        assertThat(choice(null)).isEqualTo("AlbertTokenizer over spiece.model (tokenizer_class in config.json)");
    }

    @Test
    void theFastFileGoesBeforeUnlessTheKindIsSlow() throws IOException {
        model("spiece.model");
        write("tokenizer.json", "{}");
        write("tokenizer_config.json", "{'tokenizer_class': 'T5Tokenizer'}");
        assertThat(choice(null)).startsWith("T5Tokenizer over tokenizer.json (");
        assertThat(choice("t5-spm-lower"))
                .startsWith("T5Tokenizer over spiece.model (")
                .contains("t5-spm-lower");
    }

    @Test
    void theKindOfTheCatalogueSaysWhatTheFilesDoNot() throws IOException {
        model("spiece.model");
        write("tokenizer_config.json", "{'tokenizer_class': 'T5Tokenizer', 'extra_ids': 0}");
        try (Tokenizer lower = Tokenizers.load(folder, "t5-spm-lower");
                Tokenizer plain = Tokenizers.load(folder)) {
            assertThat(lower.encode("LINUX", true)).containsExactly(plain.encode("linux", true));
        }
        write("tokenizer_config.json", "{}");
        try (Tokenizer nerdstash = Tokenizers.load(folder, "nerdstash")) {
            assertThat(nerdstash.specialTokens().ids())
                    .contains(nerdstash.id("▁▁").orElseThrow());
        }
    }

    @Test
    void aFairseqDictionaryBesideAModelCounts() throws IOException {
        model("sp.model");
        write("dict.txt", "▁日本 10\n語 5\n");
        assertThat(choice(null)).startsWith("the bare algorithm over sp.model and dict.txt");
        try (Tokenizer tokenizer = Tokenizers.load(folder)) {
            assertThat(tokenizer.size()).isEqualTo(6);
            assertThat(tokenizer.encode("日本", true)).startsWith(0).endsWith(2);
        }
        write("dict.txt", "日本 10\n日本 5\n");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("tokenizer.json");
        write("tokenizer_config.json", "{'tokenizer_class': 'AlbertTokenizer'}");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("AlbertTokenizer");
        write("tokenizer_config.json", "{'tokenizer_class': 'BertJapaneseTokenizer', 'word_tokenizer_type': 'basic'}");
        write("spiece.model", "x");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("vocab.txt");
    }

    @Test
    void aVocabularyWithDoubleAndMissingEntries() throws IOException {
        write("tokenizer_config.json", "{'tokenizer_class': 'BertTokenizer'}");
        Files.write(folder.resolve("vocab.txt"), List.of("[UNK]", "[CLS]", "[SEP]", "猫", "犬", "猫"));
        try (Tokenizer tokenizer = Tokenizers.load(folder)) {
            assertThat(tokenizer.encode("猫 犬 鳥", false)).containsExactly(5, 4, 0);
            assertThat(tokenizer.token(3)).isEqualTo("[UNK]");
            assertThat(tokenizer.vocabularySize()).isEqualTo(5);
        }
        Files.write(folder.resolve("vocab.txt"), List.of("猫"));
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("[UNK]");
    }

    @Test
    void aTokenizerJsonOfAnUnknownTypeIsRefused() throws IOException {
        write("tokenizer.json", "{'model': {'type': 'Quantum', 'vocab': {'a': 0}}}");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageNotContaining("\n");
    }
}
