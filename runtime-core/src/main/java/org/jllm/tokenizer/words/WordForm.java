package org.jllm.tokenizer.words;

import com.worksap.nlp.sudachi.Morpheme;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a word that Sudachi found is written, as SudachiTra's {@code word_form_type} and SudachiPy's projections name it. */
public enum WordForm {
    SURFACE,
    DICTIONARY,
    NORMALIZED,
    READING,
    DICTIONARY_AND_SURFACE,
    NORMALIZED_AND_SURFACE,
    NORMALIZED_NOUNS,
    SURFACE_HALF_ASCII,
    DICTIONARY_HALF_ASCII,
    DICTIONARY_AND_SURFACE_HALF_ASCII;

    private static final Set<String> CONJUGATED = Set.of("動詞", "形容詞", "助動詞");

    /** By its name in configurations. */
    public static Optional<WordForm> of(String key) {
        return Arrays.stream(values()).filter(form -> form.key().equals(key)).findAny();
    }

    /** The names in configurations. */
    public static String keys() {
        return Arrays.stream(values()).map(WordForm::key).collect(Collectors.joining(", "));
    }

    String of(Morpheme word) {
        return switch (this) {
            case SURFACE -> word.surface();
            case DICTIONARY -> word.dictionaryForm();
            case NORMALIZED -> word.normalizedForm();
            case READING -> word.readingForm();
            case DICTIONARY_AND_SURFACE -> isConjugated(word) ? word.surface() : word.dictionaryForm();
            case NORMALIZED_AND_SURFACE -> isConjugated(word) ? word.surface() : word.normalizedForm();
            case NORMALIZED_NOUNS -> word.partOfSpeech().get(5).equals("*") ? word.normalizedForm() : word.surface();
            case SURFACE_HALF_ASCII -> halfWidth(word.surface());
            case DICTIONARY_HALF_ASCII -> halfWidth(word.dictionaryForm());
            case DICTIONARY_AND_SURFACE_HALF_ASCII -> halfWidth(DICTIONARY_AND_SURFACE.of(word));
        };
    }

    /** The parts of speech of a word, as the vocabularies of SudachiTra have them for words that they lack. */
    static String partOfSpeech(Morpheme word) {
        List<String> all = word.partOfSpeech();
        int end = 1;
        while (end < all.size() && !all.get(end).equals("*")) {
            end++;
        }
        return "[" + String.join("-", all.subList(0, end)) + "]";
    }

    private String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static boolean isConjugated(Morpheme word) {
        return CONJUGATED.contains(word.partOfSpeech().get(0));
    }

    private static String halfWidth(String text) {
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            result.append(c >= 0xFF01 && c <= 0xFF5E ? (char) (c - 0xFEE0) : c);
        }
        return result.toString();
    }
}
