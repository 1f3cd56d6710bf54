package org.jllm.tokenizer.mecab;

import static org.assertj.core.api.Assertions.assertThat;

import com.atilika.kuromoji.trie.DoubleArrayTrie;
import com.atilika.kuromoji.util.ResourceResolver;
import com.atilika.kuromoji.util.SimpleResourceResolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KuromojiTrieTest {
    private static final String TEXT =
            "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。東京都議会議員選挙のインターネットと" + "コンピューターを勉強する。お問い合わせはカスタマーサービスまで。ＡＢＣ abc 123 １２３";

    /** One look-up of the library for each end, as it finds words. */
    private static List<String> slowly(DoubleArrayTrie trie, String text, int start) {
        List<String> found = new ArrayList<>();
        for (int end = start + 1; end <= text.length(); end++) {
            int entry = trie.lookup(text.substring(start, end));
            if (entry > 0) {
                found.add(entry + " to " + end);
            }
        }
        return found;
    }

    private static String text(Random random) {
        int from = random.nextInt(TEXT.length());
        StringBuilder text =
                new StringBuilder(TEXT.substring(from, Math.min(TEXT.length(), from + random.nextInt(20))));
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            text.insert(at, random.nextBoolean() ? (char) random.nextInt(0x10000) : TEXT.charAt(random.nextInt(20)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(classes = {com.atilika.kuromoji.ipadic.Tokenizer.class, com.atilika.kuromoji.unidic.Tokenizer.class})
    void findsWhatTheLibraryFinds(Class<?> anchor) throws IOException {
        ResourceResolver resources = new SimpleResourceResolver(anchor);
        DoubleArrayTrie library = DoubleArrayTrie.newInstance(resources);
        KuromojiTrie trie = KuromojiTrie.read(resources.resolve(DoubleArrayTrie.DOUBLE_ARRAY_TRIE_FILENAME));
        Random random = new Random(3);
        int words = 0;
        for (int round = 0; round < 2_000; round++) {
            String text = text(random);
            Sentence sentence = new Sentence().set(text);
            for (int start = 0; start < text.length(); start++) {
                List<String> found = new ArrayList<>();
                trie.find(sentence, start, (entry, end) -> found.add(entry + " to " + end));
                assertThat(found).as(text).isEqualTo(slowly(library, text, start));
                words += found.size();
            }
        }
        assertThat(words).isGreaterThan(10_000);
    }
}
