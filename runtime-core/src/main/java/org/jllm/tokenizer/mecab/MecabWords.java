package org.jllm.tokenizer.mecab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jllm.api.InvalidModelException;

/** Splits text into the words that MeCab 0.996 gives with the same dictionary. Safe for use by several threads. */
public final class MecabWords {
    /** Longer texts take so much memory that it is given back. */
    private static final int LONGEST_KEPT = 1 << 16;

    private final MecabDictionary dictionary;
    /** Those that no thread uses now. */
    private final ConcurrentLinkedQueue<Lattice> lattices = new ConcurrentLinkedQueue<>();

    MecabWords(MecabDictionary dictionary) {
        this.dictionary = dictionary;
    }

    /**
     * Opens a dictionary that {@code mecab-dict-index} compiled.
     *
     * @param folder with {@code sys.dic}, {@code unk.dic}, {@code matrix.bin} and {@code char.bin}, in UTF-8
     * @param userDictionaries compiled user dictionaries for it
     * @throws InvalidModelException if a file is missing or damaged
     */
    public static MecabWords open(Path folder, List<Path> userDictionaries) {
        return new MecabWords(CompiledDictionary.open(folder, userDictionaries));
    }

    /** The data of IPADIC 2.7.0 that the kuromoji library brings. */
    public static MecabWords ofKuromojiIpadic() {
        return new MecabWords(
                KuromojiDictionary.load("kuromoji's IPADIC", com.atilika.kuromoji.ipadic.Tokenizer.class));
    }

    /** The data of UniDic 2.1.2 that the kuromoji library brings. */
    public static MecabWords ofKuromojiUnidic() {
        return new MecabWords(
                KuromojiDictionary.load("kuromoji's UniDic", com.atilika.kuromoji.unidic.Tokenizer.class));
    }

    /**
     * Gives out the words of a text one after another. White space between words belongs to none.
     *
     * @throws InvalidModelException if the dictionary turns out to be damaged
     */
    public void split(CharSequence text, WordSink words) {
        Lattice idle = lattices.poll();
        Lattice lattice = idle == null ? new Lattice(dictionary) : idle;
        try {
            lattice.cut(text, words);
        } catch (IndexOutOfBoundsException e) {
            throw new InvalidModelException("the MeCab dictionary " + dictionary.name() + " is damaged", e);
        }
        if (text.length() <= LONGEST_KEPT) {
            lattices.add(lattice);
        }
    }

    /** The words of a text. */
    public List<String> split(CharSequence text) {
        List<String> words = new ArrayList<>();
        split(text, (start, end) -> words.add(text.subSequence(start, end).toString()));
        return words;
    }

    /** What the words come from. */
    public String name() {
        return dictionary.name();
    }
}
