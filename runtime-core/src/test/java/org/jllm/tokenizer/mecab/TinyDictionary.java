package org.jllm.tokenizer.mecab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Writes small dictionaries in the format of {@code mecab-dict-index}. */
public final class TinyDictionary {
    static final int CONTEXTS = 5;
    static final List<String> CATEGORIES = List.of("DEFAULT", "SPACE", "KANJI", "HIRAGANA", "ALPHA");

    /** A word with its contexts and its cost. */
    record Word(String surface, int left, int right, int cost) {}

    static final List<Word> WORDS = List.of(
            new Word("東京", 1, 1, 100),
            new Word("京都", 1, 1, 110),
            new Word("東", 1, 1, 300),
            new Word("都", 2, 2, 50),
            new Word("に", 3, 3, 10),
            new Word("には", 3, 3, 60),
            new Word("は", 3, 4, 20),
            new Word("は", 4, 3, 15),
            new Word("𠮷野", 1, 2, 40),
            new Word("a", 2, 1, 500));

    static final List<Word> UNKNOWN = List.of(
            new Word("DEFAULT", 1, 1, 900),
            new Word("SPACE", 1, 1, 900),
            new Word("KANJI", 1, 1, 700),
            new Word("KANJI", 2, 2, 800),
            new Word("HIRAGANA", 3, 3, 600),
            new Word("ALPHA", 4, 4, 400));

    private TinyDictionary() {}

    /** Writes the dictionary of these words into a folder. */
    public static Path write(Path folder) {
        return write(folder, WORDS);
    }

    static Path write(Path folder, List<Word> words) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("sys.dic"), lexicon(words, "utf8"));
            Files.write(folder.resolve("unk.dic"), lexicon(UNKNOWN, "utf8"));
            Files.write(folder.resolve("matrix.bin"), matrix());
            Files.write(folder.resolve("char.bin"), characters());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int connection(int right, int left) {
        return (right * 37 + left * 11) % 50 - 20;
    }

    private static byte[] matrix() {
        ByteBuffer out = buffer(4 + 2 * CONTEXTS * CONTEXTS);
        out.putShort((short) CONTEXTS).putShort((short) CONTEXTS);
        for (int left = 0; left < CONTEXTS; left++) {
            for (int right = 0; right < CONTEXTS; right++) {
                out.putShort((short) connection(right, left));
            }
        }
        return out.array();
    }

    static int entry(int c) {
        if (c == ' ' || c == '\t') {
            return CharacterTable.entry(1 << 1, 1, 0, true, false);
        } else if (c >= 'a' && c <= 'z') {
            return CharacterTable.entry(1 << 4, 4, 0, true, true);
        } else if (c >= 'ぁ' && c <= 'ん') {
            return CharacterTable.entry(1 << 3, 3, 2, true, false);
        } else if (c >= '一' && c <= '龠') {
            return CharacterTable.entry(1 << 2, 2, 2, false, false);
        }
        return CharacterTable.entry(1, 0, 0, false, true);
    }

    private static byte[] characters() {
        ByteBuffer out = buffer(4 + 32 * CATEGORIES.size() + 4 * 0xFFFF);
        out.putInt(CATEGORIES.size());
        CATEGORIES.forEach(name -> out.put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 32)));
        for (int c = 0; c < 0xFFFF; c++) {
            out.putInt(entry(c));
        }
        return out.array();
    }

    static byte[] lexicon(List<Word> words, String charset) {
        Map<String, List<Word>> bySurface = new TreeMap<>();
        words.forEach(word -> bySurface
                .computeIfAbsent(word.surface(), key -> new ArrayList<>())
                .add(word));
        DoubleArray trie = new DoubleArray();
        ByteBuffer tokens = buffer(16 * words.size());
        bySurface.forEach((surface, all) -> {
            trie.put(surface.getBytes(StandardCharsets.UTF_8), tokens.position() / 16 << 8 | all.size());
            all.forEach(word -> tokens.putShort((short) word.left())
                    .putShort((short) word.right())
                    .putShort((short) 0)
                    .putShort((short) word.cost())
                    .putInt(0)
                    .putInt(0));
        });
        int[] units = trie.units();
        int size = 72 + 4 * units.length + tokens.capacity() + 2;
        ByteBuffer out = buffer(size);
        out.putInt(size ^ 0xEF718F77).putInt(102).putInt(0).putInt(words.size());
        out.putInt(CONTEXTS).putInt(CONTEXTS).putInt(4 * units.length).putInt(tokens.capacity());
        out.putInt(2).putInt(0).put(Arrays.copyOf(charset.getBytes(StandardCharsets.US_ASCII), 32));
        Arrays.stream(units).forEach(out::putInt);
        return out.put(tokens.array())
                .put("*\0".getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A text of characters that the dictionary's words are made of, and some others. */
    static String randomText(Random random, int length) {
        String all = "東京都に は𠮷野ab\t春ん、東京に京";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int at = all.offsetByCodePoints(0, random.nextInt(all.codePointCount(0, all.length())));
            text.appendCodePoint(all.codePointAt(at));
        }
        return text.toString();
    }

    /** A trie of bytes, laid out as a double array. */
    private static final class DoubleArray {
        private static final class Node {
            final TreeMap<Integer, Node> children = new TreeMap<>();
            int value = -1;
        }

        private final Node root = new Node();
        private final List<Integer> taken = new ArrayList<>();
        private final List<Integer> bases = new ArrayList<>();
        private int[] units = new int[2];

        void put(byte[] key, int value) {
            Node node = root;
            for (byte b : key) {
                node = node.children.computeIfAbsent(b & 0xFF, next -> new Node());
            }
            node.value = value;
        }

        int[] units() {
            taken.add(0);
            place(root, 0);
            return units;
        }

        private void place(Node node, int unit) {
            int base = 1;
            while (bases.contains(base) || collides(node, base)) {
                base++;
            }
            bases.add(base);
            int chosen = base;
            set(2 * unit, chosen);
            if (node.value >= 0) {
                taken.add(chosen);
                set(2 * chosen, -node.value - 1);
                set(2 * chosen + 1, chosen);
            }
            node.children.keySet().forEach(next -> {
                taken.add(chosen + next + 1);
                set(2 * (chosen + next + 1) + 1, chosen);
            });
            node.children.forEach((next, child) -> place(child, chosen + next + 1));
        }

        private boolean collides(Node node, int base) {
            return (node.value >= 0 && taken.contains(base))
                    || node.children.keySet().stream().anyMatch(next -> taken.contains(base + next + 1));
        }

        private void set(int at, int value) {
            if (at >= units.length) {
                units = Arrays.copyOf(units, at + 2 - at % 2);
            }
            units[at] = value;
        }
    }
}
