package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code GPTNeoXJapaneseTokenizer}, the Python class of Transformers 4.40, over {@code vocab.txt} and {@code emoji.json}. */
final class NeoxJapaneseTokenizers {
    private NeoxJapaneseTokenizers() {}

    static PythonTokenizer create(Path vocabularyFile, Path emojiFile, ObjectNode config, Map<String, Path> files) {
        Map<String, AddedToken> defaults = new LinkedHashMap<>();
        defaults.put("bos_token", AddedToken.special("<|startoftext|>"));
        defaults.put("eos_token", AddedToken.special("<|endoftext|>"));
        defaults.put("unk_token", AddedToken.special("<|endoftext|>"));
        defaults.put("pad_token", AddedToken.special("<|endoftext|>"));
        NeoxJapaneseVocabulary words = new NeoxJapaneseVocabulary(vocabularyFile, emojiFile);
        AddedTokens added = AddedTokens.read(config, files, defaults);
        NeoxJapaneseSubwords subwords = new NeoxJapaneseSubwords(
                words, TokenizerJson.bool(config, "do_clean_text", false), BertTokenizers.unknown(added));
        return new PythonTokenizer(
                subwords,
                new AddedVocabulary(subwords, added),
                Frame.none(),
                new NeoxJapaneseStyle(words),
                new PythonTokenizer.Settings(
                        TokenizerJson.bool(config.path("set_after_loading"), "do_lower_case", false),
                        TokenizerJson.bool(config, "split_special_tokens", false),
                        TokenizerJson.bool(config, "clean_up_tokenization_spaces", true),
                        PythonTokenizer.PrefixSpace.OF_MODEL));
    }
}
