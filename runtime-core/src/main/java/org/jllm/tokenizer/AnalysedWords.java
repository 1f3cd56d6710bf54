package org.jllm.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jllm.tokenizer.words.Analyser;

/**
 * The words of an analyser, with what the word tokenizers of {@code BertJapaneseTokenizer} do before and after.
 *
 * @param before what happens to the text
 * @param lowerCase words are lower-cased, but for those that are not split
 * @param trim white space is taken off words, and words of nothing else are left out
 */
record AnalysedWords(Analyser analyser, Before before, boolean lowerCase, boolean trim, Set<String> neverSplit)
        implements BertSubwords.WordTokenizer {
    /**
     * What happens to a text before it is cut.
     *
     * @param fullWidth half-width characters become full-width
     * @param strip white space at both ends goes
     */
    record Before(boolean fullWidth, boolean nfkc, boolean strip) {
        String prepare(String text) {
            String wide = fullWidth ? FullWidth.of(text) : text;
            String normal = nfkc ? Normalizer.normalize(wide, Normalizer.Form.NFKC) : wide;
            return strip ? PythonText.strip(normal) : normal;
        }
    }

    AnalysedWords {
        neverSplit = Set.copyOf(neverSplit);
    }

    @Override
    public List<String> words(String text, Set<String> whole) {
        List<String> found = analyser.words(before.prepare(text));
        if (!lowerCase && !trim) {
            return found;
        }
        List<String> words = new ArrayList<>(found.size());
        for (String word : found) {
            boolean kept = !lowerCase || neverSplit.contains(word) || whole.contains(word);
            String cased = kept ? word : word.toLowerCase(Locale.ROOT);
            String result = trim ? PythonText.strip(cased) : cased;
            if (!trim || !result.isEmpty()) {
                words.add(result);
            }
        }
        return words;
    }

    @Override
    public void close() {
        analyser.close();
    }
}
