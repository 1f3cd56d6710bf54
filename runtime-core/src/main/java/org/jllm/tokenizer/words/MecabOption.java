package org.jllm.tokenizer.words;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.UnsupportedModelException;
import org.jspecify.annotations.Nullable;

/**
 * The command line options of MeCab in a tokenizer's {@code mecab_option}.
 *
 * @param dictionary of {@code -d} or {@code --dicdir}
 * @param userDictionaries of {@code -u} or {@code --userdic}
 * @param settings of {@code -r} or {@code --rcfile}
 */
public record MecabOption(
        @Nullable String dictionary,
        List<String> userDictionaries,
        @Nullable String settings) {
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
    private static final Pattern LONG = Pattern.compile("--([a-z-]+)(?:=(.*))?", Pattern.DOTALL);

    public MecabOption {
        userDictionaries = List.copyOf(userDictionaries);
    }

    /** Options that say nothing. */
    public static MecabOption none() {
        return new MecabOption(null, List.of(), null);
    }

    /**
     * Reads options.
     *
     * @throws UnsupportedModelException if there are others
     */
    public static MecabOption parse(String text) {
        List<String> words = WORD.matcher(text)
                .results()
                .map(found -> unquoted(found.group()))
                .toList();
        String dictionary = null;
        String settings = null;
        List<String> user = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            Matcher named = LONG.matcher(word);
            boolean isLong = named.matches();
            String name =
                    isLong ? named.group(1) : word.length() > 1 && word.startsWith("-") ? word.substring(1, 2) : "";
            String value = isLong ? named.group(2) : word.length() > 2 ? word.substring(2) : null;
            if (!List.of("d", "dicdir", "u", "userdic", "r", "rcfile").contains(name)) {
                throw new UnsupportedModelException("mecab_option of the tokenizer has " + word
                        + "; only -d (dicdir), -u (userdic) and -r (rcfile) are supported");
            }
            if (value == null) {
                if (++i == words.size()) {
                    throw new UnsupportedModelException(
                            "mecab_option of the tokenizer has " + word + " without a value");
                }
                value = words.get(i);
            }
            switch (name.charAt(0)) {
                case 'd' -> dictionary = value;
                case 'u' -> user = List.of(value.split(","));
                default -> settings = value;
            }
        }
        return new MecabOption(dictionary, user, settings);
    }

    private static String unquoted(String word) {
        return word.replaceAll("\"([^\"]*)\"|'([^']*)'", "$1$2");
    }
}
