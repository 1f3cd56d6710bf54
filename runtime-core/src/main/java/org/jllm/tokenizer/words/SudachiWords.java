package org.jllm.tokenizer.words;

import com.worksap.nlp.sudachi.Config;
import com.worksap.nlp.sudachi.Dictionary;
import com.worksap.nlp.sudachi.DictionaryFactory;
import com.worksap.nlp.sudachi.Morpheme;
import com.worksap.nlp.sudachi.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;

/** The words of Sudachi with a dictionary of the user. Safe for use by several threads. */
public final class SudachiWords implements Analyser {
    /** What SudachiPy takes at once, in UTF-8. */
    private static final int MOST_BYTES = 49_149;

    private final Path file;
    private final Dictionary dictionary;
    private final Tokenizer.SplitMode mode;
    private final Function<Morpheme, String> form;
    private final ConcurrentLinkedQueue<Tokenizer> idle = new ConcurrentLinkedQueue<>();

    private SudachiWords(Path file, Dictionary dictionary, Tokenizer.SplitMode mode, Function<Morpheme, String> form) {
        this.file = file;
        this.dictionary = dictionary;
        this.mode = mode;
        this.form = form;
    }

    /**
     * Chooses the dictionary and the words' length.
     *
     * @param type of dictionary that the model was made with: {@code small}, {@code core} or {@code full}
     * @param mode that the model's files give: {@code A}, {@code B} or {@code C}
     * @throws UnsupportedModelException if no dictionary is given
     */
    public static AnalyserChoice choose(String type, String mode, WordForm form, WordOptions options) {
        return choice(type, mode, options, form::of);
    }

    /**
     * The same, with its parts of speech for each word that a vocabulary lacks.
     *
     * @param vocabulary whether it has a word
     */
    public static AnalyserChoice chooseSubstituting(
            String type, String mode, WordForm form, WordOptions options, Predicate<String> vocabulary) {
        return choice(type, mode, options, word -> {
            String text = form.of(word);
            return vocabulary.test(text) ? text : WordForm.partOfSpeech(word);
        });
    }

    private static AnalyserChoice choice(
            String type, String modelMode, WordOptions options, Function<Morpheme, String> form) {
        String given = options.sudachiDictionary();
        if (given == null) {
            throw new UnsupportedModelException("the tokenizer takes the words of Sudachi: get system_" + type
                    + ".dic of SudachiDict (https://github.com/WorksApplications/SudachiDict) and give it by"
                    + " --sudachi-dictionary (setting sudachi_dictionary)");
        }
        String mode = options.sudachiMode() != null ? options.sudachiMode() : modelMode;
        Tokenizer.SplitMode split = Tokenizer.SplitMode.valueOf(mode);
        Path file = Path.of(given);
        return new AnalyserChoice(
                "words of Sudachi, mode " + mode + ", dictionary " + file + " (given by sudachi_dictionary)",
                () -> open(file, split, form));
    }

    private static SudachiWords open(Path file, Tokenizer.SplitMode mode, Function<Morpheme, String> form) {
        try {
            return open(file, Config.defaultConfig(), mode, form);
        } catch (IOException e) {
            throw new EngineException("cannot read Sudachi's own settings: " + e.getMessage(), e);
        }
    }

    /** @param settings all but the dictionary */
    static SudachiWords open(Path file, Config settings, Tokenizer.SplitMode mode, Function<Morpheme, String> form) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException("the dictionary of Sudachi " + file + " is not there");
        }
        try {
            Config config = Config.empty().systemDictionary(file).withFallback(settings);
            return new SudachiWords(file, new DictionaryFactory().create(config), mode, form);
        } catch (IOException | RuntimeException e) {
            throw new InvalidModelException(
                    file + " is damaged or no system dictionary of Sudachi: " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> words(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new InvalidRequestException("Sudachi takes at most " + MOST_BYTES
                    + " bytes of UTF-8 at once, and the text" + " has " + bytes + ": cut it into lines");
        }
        Tokenizer free = idle.poll();
        Tokenizer tokenizer = free == null ? dictionary.create() : free;
        try {
            List<String> words =
                    tokenizer.tokenize(mode, text).stream().map(form).toList();
            idle.add(tokenizer);
            return words;
        } catch (RuntimeException e) {
            throw new InvalidModelException("Sudachi fails with the dictionary " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            dictionary.close();
        } catch (IOException e) {
            throw new EngineException("cannot close " + file + ": " + e.getMessage(), e);
        }
    }
}
