package org.jllm.tokenizer.mecab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jllm.api.InvalidModelException;

/**
 * The categories of characters and how unknown words are made of each, from a {@code char.bin} or alike. A character's entry
 * is what MeCab packs into 32 bits: 18 bits of categories, 8 of the default one, 4 of the longest unknown word, group, invoke.
 */
final class CharacterTable {
    /** Categories that the entries have bits for. */
    static final int MOST_CATEGORIES = 18;

    /** The largest {@link #length}. */
    static final int MOST_LENGTH = 0xF;

    private static final int CHARACTERS = 0xFFFF;
    private static final int NAME_BYTES = 32;
    private static final int TYPES = (1 << MOST_CATEGORIES) - 1;

    private final List<String> categories;
    private final int[] entries;

    /**
     * A table.
     *
     * @param entries of each char; what is missing at the end has no category
     */
    CharacterTable(List<String> categories, int[] entries) {
        this.categories = List.copyOf(categories);
        this.entries = Arrays.copyOf(entries, 1 << Character.SIZE);
        Arrays.fill(this.entries, Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1, entries[0]);
    }

    static CharacterTable read(Path file) {
        ByteBuffer bytes = DictionaryFile.map(file).order(ByteOrder.LITTLE_ENDIAN);
        int count = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
        if (count < 1
                || count > MOST_CATEGORIES
                || bytes.remaining() != NAME_BYTES * count + Integer.BYTES * CHARACTERS) {
            throw new InvalidModelException(file + " is damaged: its size does not fit its categories");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] name = new byte[NAME_BYTES];
            bytes.get(name);
            names.add(DictionaryFile.text(name, StandardCharsets.US_ASCII));
        }
        int[] entries = new int[CHARACTERS];
        bytes.asIntBuffer().get(entries);
        for (int entry : entries) {
            if (defaultCategory(entry) >= count) {
                throw new InvalidModelException(file + " is damaged: a character has a category that is not there");
            }
        }
        return new CharacterTable(names, entries);
    }

    static int entry(int types, int defaultCategory, int length, boolean group, boolean invoke) {
        return types | defaultCategory << 18 | length << 26 | (group ? 1 << 30 : 0) | (invoke ? 1 << 31 : 0);
    }

    List<String> categories() {
        return categories;
    }

    /** The entry of a character. MeCab has none beyond the basic plane and takes that of U+0000 instead. */
    int entry(Sentence sentence, int at) {
        return entries[sentence.charAt(at)];
    }

    int space() {
        return entries[' '];
    }

    static boolean alike(int entry, int other) {
        return (entry & other & TYPES) != 0;
    }

    static int defaultCategory(int entry) {
        return entry >>> 18 & 0xFF;
    }

    /** The characters of the longest unknown word that is not a whole run. */
    static int length(int entry) {
        return entry >>> 26 & MOST_LENGTH;
    }

    /** Whether a run of characters of one category is an unknown word. */
    static boolean groups(int entry) {
        return (entry >>> 30 & 1) != 0;
    }

    /** Whether unknown words are made where the dictionary has words, too. */
    static boolean invokes(int entry) {
        return entry >>> 31 != 0;
    }
}
