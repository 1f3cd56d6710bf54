package org.jllm.tokenizer.mecab;

import com.atilika.kuromoji.dict.CharacterDefinitions;
import com.atilika.kuromoji.dict.ConnectionCosts;
import com.atilika.kuromoji.dict.TokenInfoDictionary;
import com.atilika.kuromoji.dict.UnknownDictionary;
import com.atilika.kuromoji.trie.DoubleArrayTrie;
import com.atilika.kuromoji.util.ResourceResolver;
import com.atilika.kuromoji.util.SimpleResourceResolver;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jllm.api.EngineException;

/** The data of a kuromoji jar as a dictionary of MeCab, whose rules are not kuromoji's own. */
final class KuromojiDictionary {
    private static final int CHARACTERS = 1 << Character.SIZE;

    private KuromojiDictionary() {}

    /**
     * Reads the data of a jar.
     *
     * @param name for messages
     * @param anchor a class of the jar, beside which the data lies
     */
    static MecabDictionary load(String name, Class<?> anchor) {
        ResourceResolver resources = new SimpleResourceResolver(anchor);
        try {
            CharacterDefinitions definitions = CharacterDefinitions.newInstance(resources);
            CharacterTable characters = characters(definitions);
            return new MecabDictionary(
                    name,
                    List.of(new KuromojiLexicon(
                            KuromojiTrie.read(resources.resolve(DoubleArrayTrie.DOUBLE_ARRAY_TRIE_FILENAME)),
                            TokenInfoDictionary.newInstance(resources))),
                    unknown(UnknownDictionary.newInstance(resources, definitions, 0), characters),
                    characters,
                    connections(resources),
                    MecabDictionary.DEFAULT_LONGEST_GROUP);
        } catch (IOException e) {
            throw new EngineException("cannot read the data of " + name + ": " + e.getMessage(), e);
        }
    }

    private static CharacterTable characters(CharacterDefinitions definitions) {
        int[] entries = new int[CHARACTERS];
        int categories = 0;
        for (int c = 0; c < CHARACTERS; c++) {
            int[] own = definitions.lookupCategories((char) c);
            int[] definition = definitions.lookupDefinition(own[0]);
            int types = Arrays.stream(own).reduce(0, (bits, category) -> bits | 1 << category);
            entries[c] = CharacterTable.entry(
                    types,
                    own[0],
                    definition[2],
                    definition[CharacterDefinitions.GROUP] == 1,
                    definition[CharacterDefinitions.INVOKE] == 1);
            categories = Math.max(categories, Arrays.stream(own).max().orElseThrow() + 1);
        }
        return new CharacterTable(
                IntStream.range(0, categories).mapToObj(Integer::toString).toList(), entries);
    }

    private static UnknownWords unknown(UnknownDictionary dictionary, CharacterTable characters) {
        List<List<UnknownWords.Candidate>> all = new ArrayList<>();
        for (int category = 0; category < characters.categories().size(); category++) {
            all.add(Arrays.stream(dictionary.lookupWordIds(category))
                    .mapToObj(word -> new UnknownWords.Candidate(
                            dictionary.getLeftId(word), dictionary.getRightId(word), dictionary.getWordCost(word)))
                    .toList());
        }
        return new UnknownWords(all);
    }

    /** The file has the number of contexts, its length in bytes, and the costs row by row of right contexts. */
    private static ConnectionMatrix connections(ResourceResolver resources) throws IOException {
        try (DataInputStream in = new DataInputStream(resources.resolve(ConnectionCosts.CONNECTION_COSTS_FILENAME))) {
            int contexts = in.readInt();
            ShortBuffer byRight = ByteBuffer.wrap(in.readNBytes(in.readInt())).asShortBuffer();
            short[] byLeft = new short[contexts * contexts];
            for (int right = 0; right < contexts; right++) {
                for (int left = 0; left < contexts; left++) {
                    byLeft[right + contexts * left] = byRight.get();
                }
            }
            return new ConnectionMatrix(contexts, contexts, ShortBuffer.wrap(byLeft));
        }
    }
}
