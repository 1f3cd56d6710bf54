package org.jllm.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the words come from that some Japanese tokenizers cut text into before anything else. A component that is null
 * means "not said here": the next layer of settings decides.
 *
 * @param mecabDictionary folder of a dictionary that MeCab's {@code mecab-dict-index} compiled for UTF-8; default: the one
 *     that the tokenizer asks for, where MeCab, Python or jllm itself has it
 * @param mecabUserDictionaries files of compiled user dictionaries for that dictionary; default: none
 * @param sudachiDictionary file of a system dictionary of Sudachi, such as {@code system_core.dic}; there is no default
 * @param sudachiMode {@code A}, {@code B} or {@code C}, from short to long words; default: as the tokenizer's files say
 * @param preSegmented whether texts come cut into words, with spaces between them, so that no analyser runs; default: not
 */
public record WordOptions(
        @Nullable String mecabDictionary,
        @Nullable List<String> mecabUserDictionaries,
        @Nullable String sudachiDictionary,
        @Nullable String sudachiMode,
        @Nullable Boolean preSegmented) {
    private static final WordOptions NONE = new WordOptions(null, null, null, null, null);
    private static final List<String> MODES = List.of("A", "B", "C");

    public WordOptions {
        if (mecabUserDictionaries != null) {
            mecabUserDictionaries = List.copyOf(mecabUserDictionaries);
        }
        if (sudachiMode != null && !MODES.contains(sudachiMode)) {
            throw new InvalidRequestException("sudachi_mode must be A, B or C, not " + sudachiMode);
        }
    }

    /** Options that say nothing. */
    public static WordOptions none() {
        return NONE;
    }

    /** These options, with what they do not say taken from {@code lower}. */
    public WordOptions orElse(WordOptions lower) {
        return new WordOptions(
                mecabDictionary != null ? mecabDictionary : lower.mecabDictionary,
                mecabUserDictionaries != null ? mecabUserDictionaries : lower.mecabUserDictionaries,
                sudachiDictionary != null ? sudachiDictionary : lower.sudachiDictionary,
                sudachiMode != null ? sudachiMode : lower.sudachiMode,
                preSegmented != null ? preSegmented : lower.preSegmented);
    }
}
