package org.jllm.tokenizer.mecab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatticeTest {
    @TempDir
    private static Path folder;

    private static MecabDictionary dictionary;
    private static MecabWords words;

    @BeforeAll
    static void write() {
        dictionary = CompiledDictionary.open(TinyDictionary.write(folder), List.of());
        words = new MecabWords(dictionary);
    }

    @Test
    void wordsOfTheDictionaryAndUnknownOnes() {
        assertThat(words.split("東京都には")).containsExactly("東京", "都", "に", "は");
        assertThat(words.split("𠮷野に")).containsExactly("𠮷野", "に");
        // Grouped by its category, though the dictionary has "a".
        assertThat(words.split("abcに")).containsExactly("abc", "に");
        assertThat(words.split("")).isEmpty();
    }

    @Test
    void whiteSpaceBelongsToNoWord() {
        assertThat(words.split("  東京 \t に  ")).containsExactly("東京", "に");
        assertThat(words.split(" \t ")).isEmpty();
    }

    @Test
    void halfPairsAndNulAreCharacters() {
        assertThat(words.split("東京\uD83D\0に\uDE00")).containsExactly("東京", "\uD83D", "\0", "に", "\uDE00");
    }

    @Test
    void noWayIsCheaper() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            String text = TinyDictionary.randomText(random, random.nextInt(14));
            SlowLattice slow = new SlowLattice(text);
            assertThat(slow.cost(words.split(text))).as(text).isEqualTo(slow.least());
        }
    }

    @Test
    void droppingRowsChangesNothing() {
        Random random = new Random(6);
        Lattice dropping = new Lattice(dictionary, 8);
        Lattice keeping = new Lattice(dictionary);
        for (int i = 0; i < 300; i++) {
            String text = TinyDictionary.randomText(random, random.nextInt(400));
            assertThat(cut(dropping, text)).as(text).isEqualTo(cut(keeping, text));
        }
    }

    @Test
    void aLineOfTenMegabytesIsCut() {
        String text = TinyDictionary.randomText(new Random(7), 4_000_000);
        long[] seen = new long[2];
        words.split(text, (start, end) -> {
            assertThat((long) start).isGreaterThanOrEqualTo(seen[0]);
            seen[0] = end;
            seen[1] += text.substring(start, end).strip().length();
        });
        assertThat(seen[1])
                .isEqualTo(text.chars().filter(c -> c != ' ' && c != '\t').count());
    }

    /** Were each run read to its end from each of its characters, this would take hours. */
    @Test
    void aLongRunOfOneCategoryTakesNoLonger() {
        String text = "ん".repeat(2_000_000);
        long[] seen = new long[1];
        words.split(text, (start, end) -> seen[0] += end - start);
        assertThat(seen[0]).isEqualTo(text.length());
    }

    @Test
    void runsAreWordsUpToALength() {
        assertThat(words.split("y".repeat(25))).hasSize(1);
        assertThat(words.split("y".repeat(26))).hasSizeGreaterThan(1);
    }

    @Test
    void threadsShareADictionary() throws Exception {
        Random random = new Random(8);
        List<String> texts = Stream.generate(() -> TinyDictionary.randomText(random, 50))
                .limit(200)
                .toList();
        List<List<String>> expected = texts.stream().map(words::split).toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<List<List<String>>> task =
                    () -> texts.stream().map(words::split).toList();
            for (Future<List<List<String>>> found : threads.invokeAll(List.of(task, task, task, task))) {
                assertThat(found.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void userDictionariesAddWords(@TempDir Path other) throws Exception {
        Path file = other.resolve("user.dic");
        java.nio.file.Files.write(
                file, TinyDictionary.lexicon(List.of(new TinyDictionary.Word("東京都", 1, 1, -500)), "utf8"));
        assertThat(MecabWords.open(folder, List.of(file)).split("東京都に")).containsExactly("東京都", "に");
        assertThat(words.split("東京都に")).containsExactly("東京", "都", "に");
    }

    private static List<String> cut(Lattice lattice, String text) {
        List<String> found = new ArrayList<>();
        lattice.cut(text, (start, end) -> found.add(text.substring(start, end)));
        return found;
    }

    /** Costs of ways through a sentence by trying them all, place by place. */
    private static final class SlowLattice {
        private static final long NEVER = Long.MAX_VALUE / 2;

        private final String text;

        SlowLattice(String text) {
            this.text = text;
        }

        long least() {
            return run(null);
        }

        /** Of the cheapest way with just these words. */
        long cost(List<String> only) {
            return run(only);
        }

        private long run(List<String> only) {
            // By the words so far, the place in the text, and the right context.
            int most = only == null ? 0 : only.size();
            long[][][] costs = new long[most + 1][text.length() + 1][TinyDictionary.CONTEXTS];
            for (long[][] some : costs) {
                for (long[] row : some) {
                    Arrays.fill(row, NEVER);
                }
            }
            costs[0][0][0] = 0;
            long best = NEVER;
            for (int at = 0; at <= text.length(); at++) {
                for (int count = 0; count <= most; count++) {
                    int start = at;
                    while (start < text.length() && " \t".indexOf(text.charAt(start)) >= 0) {
                        start++;
                    }
                    for (int right = 0; right < TinyDictionary.CONTEXTS; right++) {
                        long cost = costs[count][at][right];
                        if (cost >= NEVER) {
                            continue;
                        }
                        if (start == text.length()) {
                            if (count == most) {
                                best = Math.min(best, cost + TinyDictionary.connection(right, 0));
                            }
                            continue;
                        }
                        for (TinyDictionary.Word word : candidates(start)) {
                            int next = only == null ? 0 : count + 1;
                            if (only != null
                                    && (count == most || !only.get(count).equals(word.surface()))) {
                                continue;
                            }
                            long[] row = costs[next][start + word.surface().length()];
                            row[word.right()] = Math.min(
                                    row[word.right()],
                                    cost + TinyDictionary.connection(right, word.left()) + word.cost());
                        }
                    }
                }
            }
            return best;
        }

        private List<TinyDictionary.Word> candidates(int start) {
            List<TinyDictionary.Word> found = new ArrayList<>();
            TinyDictionary.WORDS.stream()
                    .filter(word -> text.startsWith(word.surface(), start))
                    .forEach(found::add);
            int first = text.codePointAt(start);
            String category = category(first);
            boolean always = category.equals("ALPHA") || category.equals("DEFAULT");
            if (!found.isEmpty() && !always) {
                return found;
            }
            int run = start;
            while (run < text.length() && category(text.codePointAt(run)).equals(category)) {
                run += Character.charCount(text.codePointAt(run));
            }
            int oneEnd = start + Character.charCount(first);
            int twoEnd = oneEnd < run ? oneEnd + Character.charCount(text.codePointAt(oneEnd)) : oneEnd;
            java.util.Set<Integer> ends = new java.util.TreeSet<>();
            switch (category) {
                case "ALPHA" -> ends.add(run);
                case "HIRAGANA" -> ends.addAll(List.of(run, oneEnd, twoEnd));
                case "KANJI" -> ends.addAll(List.of(oneEnd, twoEnd));
                default -> {
                    if (found.isEmpty()) {
                        ends.add(oneEnd);
                    }
                }
            }
            for (int end : ends) {
                TinyDictionary.UNKNOWN.stream()
                        .filter(word -> word.surface().equals(category))
                        .forEach(word -> found.add(new TinyDictionary.Word(
                                text.substring(start, end), word.left(), word.right(), word.cost())));
            }
            return found;
        }

        private static String category(int c) {
            int entry = c > 0xFFFF ? TinyDictionary.entry(0) : TinyDictionary.entry(c);
            return TinyDictionary.CATEGORIES.get(CharacterTable.defaultCategory(entry));
        }
    }
}
