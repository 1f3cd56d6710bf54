package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.checkpoint.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the tokenizer of a model, as {@code AutoTokenizer} of Transformers does. The class is that of
 * {@code tokenizer_config.json} ({@code tokenizer_class}), else that of {@code config.json}, else the one that goes with
 * {@code model_type} there, else that of the kind that the catalogue names. Then:
 * <ol>
 *   <li>{@code tokenizer.json}, where it exists and the class has a fast form or is not known, and the catalogue's kind
 *       does not ask for the slow class;</li>
 *   <li>the class itself over its own files;</li>
 *   <li>without a class, what the files are by their names: RWKV World, subword-nmt with its table, a sentencepiece model with
 *       a fairseq dictionary, or a sentencepiece model alone.</li>
 * </ol>
 */
public final class Tokenizers {
    private static final String SUPPORTED =
            "supported are tokenizer.json, the classes of Transformers over sentencepiece"
                    + " models (LlamaTokenizer, T5Tokenizer, AlbertTokenizer and others), BertTokenizer, BertJapaneseTokenizer,"
                    + " BertSudachipyTokenizer, GPT2Tokenizer, CLIPTokenizer, GPTNeoXJapaneseTokenizer, QWenTokenizer, RWKV World, fairseq dictionaries and subword-nmt;"
                    + " see docs/tokenizers.md";

    /** The roles of files that a tokenizer can be made of. */
    private static final List<String> VOCABULARIES = List.of("tokenizer_file", "vocab_file", "spm_file", "codes_file");

    /** Byte-level BPE with GPT-2's rule for words over {@code vocab.json} and {@code merges.txt}. */
    private static final Set<String> BYTE_LEVEL = Set.of("GPT2Tokenizer");

    private Tokenizers() {}

    /** The kinds that a catalogue may give a model ({@code tokenizer: NAME}) and that loading follows. */
    public static Set<String> kinds() {
        return TokenizerKinds.all();
    }

    /**
     * The tokenizer of a model.
     *
     * @param modelFolder a folder in the layout of Hugging Face
     * @throws UnsupportedModelException if the folder has no tokenizer, or one of a class that is not supported
     * @throws InvalidModelException if a file is damaged
     */
    public static Tokenizer load(Path modelFolder) {
        return load(modelFolder, null);
    }

    /** The tokenizer of a model, of which a catalogue says the kind. */
    public static Tokenizer load(Path modelFolder, @Nullable String kind) {
        return choose(modelFolder, kind).load();
    }

    /** Chooses a tokenizer without loading it; words come from where they do by default. */
    static TokenizerChoice choose(Path modelFolder, @Nullable String kind) {
        return choose(modelFolder, kind, WordOptions.none());
    }

    /**
     * Chooses a tokenizer without loading it.
     *
     * @param kind that a catalogue gives; null: as the files say
     * @param words where the words come from, if it needs an analyser
     * @throws UnsupportedModelException if the folder has no tokenizer
     * @throws InvalidModelException if a configuration is damaged
     */
    public static TokenizerChoice choose(Path modelFolder, @Nullable String kind, WordOptions words) {
        ObjectNode config = StrictJson.objectOrEmpty(modelFolder.resolve("tokenizer_config.json"));
        ObjectNode modelConfig = StrictJson.objectOrEmpty(modelFolder.resolve("config.json"));
        TokenizerFiles folder = new TokenizerFiles(modelFolder);
        Map<String, Path> files = folder.common();
        TokenizerClasses.Named named = TokenizerClasses.of(config, modelConfig);
        String name = named.name();
        String why = named.source();
        String byFiles = kind == null && !named.isGiven() ? folder.kind(files) : null;
        String known = kind == null ? byFiles : kind;
        if (known != null) {
            TokenizerKinds.configure(known, config);
            String withWords = WordKinds.isKnown(name) ? null : WordKinds.tokenizerClass(known);
            String ofKind = withWords != null ? withWords : TokenizerKinds.tokenizerClass(known);
            boolean bare = TokenizerKinds.isBare(known);
            boolean decides = bare || withWords != null || (name == null && ofKind != null);
            String reason = kind == null ? "as its files are called" : "kind " + kind + " of the catalogue";
            why = decides ? reason : why + ", kind " + known;
            name = bare ? null : name == null || withWords != null ? ofKind : name;
            if (bare || TokenizerKinds.isSlow(known)) {
                files.remove("tokenizer_file");
            }
        }
        Cutting cutting = WordKinds.cutting(known);
        if (cutting == Cutting.AS_WRITTEN) {
            folder.jumanppBpe().ifPresent(file -> files.putIfAbsent("tokenizer_file", file));
        }
        if (name == null) {
            config.remove("tokenizer_class");
            bareFiles(folder, files, known);
        } else {
            config.put("tokenizer_class", name);
            classFiles(TokenizerClasses.slowName(name), folder, files);
        }
        if (VOCABULARIES.stream().noneMatch(files::containsKey)) {
            String missing = name == null
                    ? "has no tokenizer: no tokenizer.json is there, and no class is named"
                    : "has no tokenizer: neither tokenizer.json nor the vocabulary of " + name + " is there";
            throw new UnsupportedModelException(modelFolder + " " + missing + "; " + SUPPORTED);
        }
        if (cutting == Cutting.AS_WRITTEN && !files.containsKey("tokenizer_file")) {
            throw new UnsupportedModelException(modelFolder
                    + " has neither tokenizer.json nor jumanpp_bpe.json, which the kind " + kind + " needs");
        }
        return new TokenizerChoice(config, files, why, cutting, words);
    }

    private static void bareFiles(TokenizerFiles folder, Map<String, Path> files, @Nullable String kind) {
        if (files.containsKey("tokenizer_file")) {
            return;
        }
        if (TokenizerKinds.SUBWORD_NMT.equals(kind)) {
            files.putAll(folder.subwordNmt());
            return;
        }
        folder.rwkv().or(folder::sentencePiece).ifPresent(file -> files.put("vocab_file", file));
        if (folder.rwkv().isEmpty() && !"spm-plain".equals(kind)) {
            folder.dictionary().ifPresent(file -> files.put("dict_file", file));
        }
    }

    private static void classFiles(String name, TokenizerFiles folder, Map<String, Path> files) {
        Optional<Path> vocabulary = switch (name) {
            case "QWenTokenizer" -> folder.tiktoken();
            case "GPT2Tokenizer", "CLIPTokenizer" -> folder.find("vocab.json");
            case "BertJapaneseTokenizer", "GPTNeoXJapaneseTokenizer" -> folder.find("vocab.txt");
            default ->
                BertTokenizers.NAMES.contains(name) || SudachiTokenizers.NAMES.contains(name)
                        ? folder.find("vocab.txt")
                        : folder.sentencePiece()
                                .or(() -> folder.find("vocab.txt"))
                                .or(() -> folder.find("vocab.json"));
        };
        vocabulary.ifPresent(file -> files.put("vocab_file", file));
        if (name.equals("BertJapaneseTokenizer")) {
            folder.sentencePiece().ifPresent(file -> files.put("spm_file", file));
        }
    }

    /** The tokenizer that a configuration asks for; words come from where they do by default. */
    static Tokenizer create(ObjectNode config, Map<String, Path> files) {
        return create(config, files, WordOptions.none());
    }

    /**
     * The tokenizer that a configuration asks for.
     *
     * @param config tokenizer_config.json, or constructor arguments with {@code tokenizer_class}; without a class, or
     *     with null, {@code tokenizer.json} or the bare algorithm of the files. {@code set_after_loading} holds attributes
     *     that are set on the loaded tokenizer: {@code do_lower_case}
     * @param files by role: {@code tokenizer_file}, {@code vocab_file}, {@code merges_file}, {@code spm_file},
     *     {@code dict_file}, {@code emoji_file}, {@code codes_file}, {@code table_file}, {@code special_tokens_map_file},
     *     {@code added_tokens_file}
     * @param words where the words come from, if it needs an analyser
     * @throws UnsupportedModelException if the class or what it needs is not supported
     * @throws InvalidModelException if a file is damaged
     */
    public static Tokenizer create(ObjectNode config, Map<String, Path> files, WordOptions words) {
        checkAfterLoading(config);
        String tokenizerClass = TokenizerJson.string(config, "tokenizer_class");
        String slow = tokenizerClass == null ? null : TokenizerClasses.slowName(tokenizerClass);
        Path json = files.get("tokenizer_file");
        if (json != null && (slow == null || TokenizerClasses.isFast(slow))) {
            return RustTokenizer.load(json, config, files, slow == null ? "PreTrainedTokenizer" : slow);
        }
        Path codes = files.get("codes_file");
        Path table = files.get("table_file");
        if (slow == null && codes != null && table != null) {
            return new SubwordNmtTokenizer(
                    codes, table, WordTokenizers.jumanpp(words).open(), Boolean.TRUE.equals(words.preSegmented()));
        }
        Path vocabulary = files.get("vocab_file");
        if (vocabulary != null || files.containsKey("spm_file")) {
            Tokenizer tokenizer = slow == null
                    ? bare(vocabulary, files.get("dict_file"))
                    : ofClass(slow, vocabulary, config, files, words);
            if (tokenizer != null) {
                return tokenizer;
            }
        }
        String what = tokenizerClass == null ? "the bare algorithm" : tokenizerClass;
        throw new UnsupportedModelException(
                "the tokenizer class " + what + " over " + names(files) + " is not supported; " + SUPPORTED);
    }

    private static @Nullable Tokenizer bare(@Nullable Path vocabulary, @Nullable Path dictionary) {
        if (vocabulary == null) {
            return null;
        }
        if (dictionary != null) {
            return FairseqDictionary.load(vocabulary, dictionary);
        }
        if (isSentencePiece(vocabulary)) {
            return new SentencePieceTokenizer(SentencePieceModel.load(vocabulary));
        }
        return String.valueOf(vocabulary.getFileName()).startsWith("rwkv_vocab") ? RwkvWorld.load(vocabulary) : null;
    }

    private static @Nullable Tokenizer ofClass(
            String name, @Nullable Path vocabulary, ObjectNode config, Map<String, Path> files, WordOptions words) {
        if (name.equals("BertJapaneseTokenizer")) {
            return BertJapaneseTokenizers.create(config, files, words);
        }
        if (vocabulary == null) {
            return null;
        }
        if (SudachiTokenizers.NAMES.contains(name)) {
            return SudachiTokenizers.create(vocabulary, config, files, words);
        }
        if (BertTokenizers.NAMES.contains(name)) {
            return BertTokenizers.create(vocabulary, config, files);
        }
        if (SentencePieceClasses.NAMES.contains(name) && isSentencePiece(vocabulary)) {
            return SentencePieceClasses.create(name, SentencePieceModel.load(vocabulary), config, files);
        }
        Path merges = files.get("merges_file");
        if (merges != null && BYTE_LEVEL.contains(name)) {
            return RustTokenizer.byteLevel(vocabulary, merges, config, files, name);
        }
        if (merges != null && name.equals("CLIPTokenizer")) {
            return ClipTokenizers.create(vocabulary, merges, config, files);
        }
        Path emoji = files.get("emoji_file");
        if (emoji != null && name.equals("GPTNeoXJapaneseTokenizer")) {
            return NeoxJapaneseTokenizers.create(vocabulary, emoji, config, files);
        }
        return name.equals("QWenTokenizer") ? Tiktoken.load(vocabulary, config, files) : null;
    }

    private static void checkAfterLoading(ObjectNode config) {
        config.path("set_after_loading").fieldNames().forEachRemaining(key -> {
            if (!key.equals("do_lower_case")) {
                throw new UnsupportedModelException("set_after_loading has " + key
                        + "; of the attributes that are set after loading only do_lower_case is supported");
            }
        });
    }

    private static boolean isSentencePiece(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.endsWith(".txt") && !name.endsWith(".json") && !name.endsWith(".gguf");
    }

    private static String names(Map<String, Path> files) {
        return files.isEmpty()
                ? "no files"
                : String.join(
                        ", ",
                        files.values().stream()
                                .map(file -> String.valueOf(file.getFileName()))
                                .sorted()
                                .toList());
    }
}
