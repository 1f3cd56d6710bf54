package org.jllm.tokenizer.words;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The dictionaries of MeCab that models were trained with. */
public enum MecabDictionaryKind {
    IPADIC(
            "ipadic",
            "IPADIC",
            List.of("ipadic-utf8", "ipadic", "mecab-ipadic"),
            "install one (Debian: mecab-ipadic-utf8; Python: ipadic)"),
    UNIDIC(
            "unidic",
            "UniDic 3",
            List.of("unidic", "unidic-cwj", "unidic-mecab"),
            "install one (Debian: unidic-mecab; Python: unidic, then python -m unidic download)"),
    UNIDIC_LITE(
            "unidic_lite",
            "UniDic 2.1.2",
            List.of("unidic-lite", "unidic_lite", "unidic", "unidic-mecab"),
            "install one (Python: unidic-lite)"),
    JUMANDIC(
            "jumandic",
            "JUMAN's dictionary",
            List.of("juman-utf8", "jumandic-utf8", "jumandic", "juman"),
            "install one (Debian: mecab-jumandic-utf8)");

    /** The contexts that UniDic 2.1.2 has on either side, by which it is told from other releases. */
    static final int CONTEXTS_OF_UNIDIC_2 = 5981;

    private final String key;
    private final String title;
    private final List<String> folders;
    private final String advice;

    MecabDictionaryKind(String key, String title, List<String> folders, String advice) {
        this.key = key;
        this.title = title;
        this.folders = folders;
        this.advice = advice;
    }

    /** By its name in {@code mecab_dic}. */
    public static Optional<MecabDictionaryKind> of(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key.equals(key)).findAny();
    }

    /** The names in {@code mecab_dic}. */
    public static String keys() {
        return Arrays.stream(values()).map(kind -> kind.key).collect(Collectors.joining(", "));
    }

    /** For messages. */
    String title() {
        return title;
    }

    /** Names of folders that hold it. */
    List<String> folders() {
        return folders;
    }

    /** How to get it. */
    String advice() {
        return advice;
    }

    /** Whether a dictionary under one of the names, with so many contexts, is of this kind. */
    boolean hasContexts(int rights, int lefts) {
        boolean second = rights == CONTEXTS_OF_UNIDIC_2 && lefts == CONTEXTS_OF_UNIDIC_2;
        return switch (this) {
            case UNIDIC -> !second;
            case UNIDIC_LITE -> second;
            case IPADIC, JUMANDIC -> true;
        };
    }
}
