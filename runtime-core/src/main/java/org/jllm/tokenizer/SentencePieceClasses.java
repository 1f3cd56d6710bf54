package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.tokenizer.PythonTokenizer.PrefixSpace;
import org.jllm.tokenizer.SentencePieceStyle.Spaces;

/** The Python classes of Transformers 4.40 over a sentencepiece model. */
final class SentencePieceClasses {
    /** The classes that are known. */
    static final Set<String> NAMES = Set.of(
            "AlbertTokenizer",
            "BarthezTokenizer",
            "BertGenerationTokenizer",
            "CamembertTokenizer",
            "CodeLlamaTokenizer",
            "DebertaV2Tokenizer",
            "LlamaTokenizer",
            "MBart50Tokenizer",
            "MBartTokenizer",
            "MLukeTokenizer",
            "PlamoTokenizer",
            "ReformerTokenizer",
            "RemBertTokenizer",
            "T5Tokenizer",
            "XLMRobertaTokenizer",
            "XLNetTokenizer");

    private static final String UNK = "unk_token";
    private static final String EOS = "eos_token";
    private static final String BOS = "bos_token";
    private static final String SEP = "sep_token";
    private static final String CLS = "cls_token";
    private static final String PAD = "pad_token";
    private static final String MASK = "mask_token";

    private final String tokenizerClass;
    private final SentencePieceModel model;
    private final ObjectNode config;
    private final Map<String, Path> files;
    private final boolean afterLoadingLowerCase;

    private SentencePieceClasses(
            String tokenizerClass, SentencePieceModel model, ObjectNode config, Map<String, Path> files) {
        this.tokenizerClass = tokenizerClass;
        this.model = model;
        this.config = config;
        this.files = files;
        afterLoadingLowerCase = TokenizerJson.bool(config.path("set_after_loading"), "do_lower_case", false);
    }

    /** @param tokenizerClass one of {@link #NAMES} */
    static PythonTokenizer create(
            String tokenizerClass, SentencePieceModel model, ObjectNode config, Map<String, Path> files) {
        checkModelArguments(config.path("sp_model_kwargs"));
        return new SentencePieceClasses(tokenizerClass, model, config, files).create();
    }

    /** Arguments of the library that do not change an encoding pass. */
    private static void checkModelArguments(JsonNode arguments) {
        for (String harmful : List.of("enable_sampling", "add_bos", "add_eos", "reverse", "emit_unk_piece")) {
            if (TokenizerJson.bool(arguments, harmful, false)) {
                throw new UnsupportedModelException("sp_model_kwargs." + harmful
                        + " is true, which would change the ids of a text; set it to false");
            }
        }
    }

    private PythonTokenizer create() {
        return switch (tokenizerClass) {
            case "LlamaTokenizer" -> llama();
            case "CodeLlamaTokenizer" -> codeLlama();
            case "PlamoTokenizer" -> llama(llamaTokens(), true, false, Spaces.LLAMA_LEGACY);
            case "T5Tokenizer" -> t5();
            case "AlbertTokenizer" -> albert(true, false);
            case "RemBertTokenizer" -> remBert();
            case "XLNetTokenizer" -> xlNet();
            case "DebertaV2Tokenizer" -> debertaV2();
            case "XLMRobertaTokenizer", "MLukeTokenizer" -> xlmRoberta();
            case "MBartTokenizer" -> mbart();
            case "MBart50Tokenizer" -> mbart50();
            case "BarthezTokenizer" -> barthez();
            case "CamembertTokenizer" -> camembert();
            case "BertGenerationTokenizer" -> bare(Map.of(BOS, "<s>", EOS, "</s>", UNK, "<unk>", PAD, "<pad>", SEP, "<::::>"));
            case "ReformerTokenizer" -> bare(Map.of(EOS, "</s>", UNK, "<unk>"));
            default -> throw new IllegalArgumentException(tokenizerClass);
        };
    }

    private PythonTokenizer llama() {
        boolean legacy = flag("legacy", true);
        Spaces spaces = legacy ? Spaces.LLAMA_LEGACY : Spaces.LLAMA;
        return llama(llamaTokens(), legacy, flag("add_prefix_space", true), spaces);
    }

    private PythonTokenizer codeLlama() {
        List<AddedToken> infilling = List.of(
                token("prefix_token", "▁<PRE>"),
                token("middle_token", "▁<MID>"),
                token("suffix_token", "▁<SUF>"),
                token("eot_token", "▁<EOT>"));
        return llama(llamaTokens().with(Map.of(), infilling), false, true, Spaces.NONE);
    }

    private AddedTokens llamaTokens() {
        return added(defaults(BOS, "<s>", EOS, "</s>", UNK, "<unk>"));
    }

    private PythonTokenizer llama(AddedTokens added, boolean legacy, boolean prefixSpace, Spaces spaces) {
        SentencePieceModel used = legacy ? model : model.withoutDummyPrefix();
        SubwordModel subwords = subwords(
                legacy ? SentencePieceCutters.plain(used) : SentencePieceCutters.guarded(used, name(added, UNK)), used);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        int[] bos = fixed("add_bos_token", true, BOS, vocabulary);
        int[] eos = fixed("add_eos_token", false, EOS, vocabulary);
        return new PythonTokenizer(
                subwords,
                vocabulary,
                Frame.of(bos, eos, bos, eos, 1),
                new SentencePieceStyle(used, spaces, prefixSpace, false),
                settings(afterLoadingLowerCase, false, prefix(legacy, prefixSpace)));
    }

    private static PrefixSpace prefix(boolean legacy, boolean prefixSpace) {
        return legacy ? PrefixSpace.OF_MODEL : prefixSpace ? PrefixSpace.ADDED : PrefixSpace.LEFT_OUT;
    }

    private int[] fixed(String flag, boolean fallback, String role, AddedVocabulary vocabulary) {
        if (!flag(flag, fallback)) {
            return new int[0];
        }
        if (!vocabulary.special().byRole().containsKey(role)) {
            throw new InvalidModelException("tokenizer configuration: " + flag + " is true, but " + role
                    + " is not set; set it or turn the flag off");
        }
        return new int[] {id(vocabulary, role)};
    }

    private PythonTokenizer t5() {
        boolean legacy = flag("legacy", true);
        boolean prefixSpace = flag("add_prefix_space", true);
        AddedTokens added = Sentinels.addTo(added(defaults(EOS, "</s>", UNK, "<unk>", PAD, "<pad>")), config, model.size());
        SentencePieceModel used = legacy ? model : model.withoutDummyPrefix();
        SubwordModel subwords = subwords(
                legacy ? SentencePieceCutters.plain(used) : SentencePieceCutters.guarded(used, name(added, UNK)), used);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        int[] eos = {id(vocabulary, EOS)};
        int[] nothing = {};
        return new PythonTokenizer(
                subwords,
                vocabulary,
                new Frame(nothing, eos, nothing, eos, 0, 0, true),
                new SentencePieceStyle(used, Spaces.BEFORE, prefixSpace, true),
                settings(afterLoadingLowerCase, true, prefix(legacy, prefixSpace)));
    }

    private PythonTokenizer albert(boolean lowerCaseByDefault, boolean keepAccentsByDefault) {
        boolean lowerCase = flag("do_lower_case", lowerCaseByDefault);
        Map<String, AddedToken> defaults = defaults(
                BOS, "[CLS]", EOS, "[SEP]", UNK, "<unk>", SEP, "[SEP]", PAD, "<pad>", CLS, "[CLS]");
        defaults.put(MASK, AddedToken.leftStripping("[MASK]"));
        SubwordModel subwords = subwords(
                SentencePieceCutters.albert(
                        model,
                        flag("remove_space", true),
                        flag("keep_accents", keepAccentsByDefault),
                        lowerCase),
                model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added(defaults));
        return new PythonTokenizer(
                subwords,
                vocabulary,
                clsSep(vocabulary),
                new SentencePieceStyle(model, Spaces.BEFORE, false, true),
                settings(lowerCase || afterLoadingLowerCase, true, PrefixSpace.OF_MODEL));
    }

    /** It stores the flags of {@code AlbertTokenizer}, but lower-cases only. */
    private PythonTokenizer remBert() {
        Map<String, AddedToken> defaults = defaults(
                BOS, "[CLS]", EOS, "[SEP]", UNK, "[UNK]", SEP, "[SEP]", PAD, "[PAD]", CLS, "[CLS]");
        defaults.put(MASK, AddedToken.leftStripping("[MASK]"));
        SubwordModel subwords = subwords(SentencePieceCutters.plain(model), model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added(defaults));
        return new PythonTokenizer(
                subwords,
                vocabulary,
                clsSep(vocabulary),
                new SentencePieceStyle(model, Spaces.NONE, false, false),
                settings(flag("do_lower_case", false) || afterLoadingLowerCase, true, PrefixSpace.OF_MODEL));
    }

    private PythonTokenizer xlNet() {
        boolean lowerCase = flag("do_lower_case", false);
        Map<String, AddedToken> defaults = defaults(
                BOS, "<s>", EOS, "</s>", UNK, "<unk>", SEP, "<sep>", PAD, "<pad>", CLS, "<cls>");
        defaults.put(MASK, AddedToken.leftStripping("<mask>"));
        AddedTokens added = added(defaults);
        if (!config.has("additional_special_tokens")) {
            added = added.with(Map.of(), List.of(AddedToken.special("<eop>"), AddedToken.special("<eod>")));
        }
        SubwordModel subwords = subwords(
                SentencePieceCutters.albert(
                        model, flag("remove_space", true), flag("keep_accents", false), lowerCase),
                model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        int[] nothing = {};
        int[] sep = {id(vocabulary, SEP)};
        int[] end = {sep[0], id(vocabulary, CLS)};
        return new PythonTokenizer(
                subwords,
                vocabulary,
                new Frame(nothing, sep, nothing, end, 1, 2, false),
                JoinedStyle.ofPieces(true),
                settings(lowerCase || afterLoadingLowerCase, true, PrefixSpace.OF_MODEL));
    }

    private PythonTokenizer debertaV2() {
        boolean lowerCase = flag("do_lower_case", false);
        Map<String, AddedToken> defaults = defaults(
                BOS, "[CLS]", EOS, "[SEP]", UNK, "[UNK]", SEP, "[SEP]", PAD, "[PAD]", CLS, "[CLS]", MASK, "[MASK]");
        defaults.put(UNK, new AddedToken("[UNK]", false, false, false, true, true));
        SubwordModel subwords = subwords(
                SentencePieceCutters.deberta(model, lowerCase, flag("split_by_punct", false)), model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added(defaults));
        return new PythonTokenizer(
                subwords,
                vocabulary,
                clsSep(vocabulary),
                new SentencePieceStyle(model, Spaces.BEFORE, false, true),
                settings(lowerCase || afterLoadingLowerCase, true, PrefixSpace.OF_MODEL));
    }

    private PythonTokenizer xlmRoberta() {
        AddedTokens added = added(robertaDefaults());
        if (tokenizerClass.equals("MLukeTokenizer")) {
            added = added.with(
                    Map.of(), List.of(token("entity_token_1", "<ent>"), token("entity_token_2", "<ent2>")));
        }
        return shifted(added, List.of(), Frames.ROBERTA, JoinedStyle.ofPieces(false));
    }

    private PythonTokenizer mbart() {
        List<AddedToken> codes =
                LanguageCodes.MBART.stream().map(AddedToken::special).toList();
        AddedTokens added = AddedTokens.inFront(codes, added(robertaDefaults()));
        return shifted(added, LanguageCodes.MBART, Frames.MBART, JoinedStyle.ofPieces(false));
    }

    private PythonTokenizer mbart50() {
        List<AddedToken> codes =
                LanguageCodes.MBART_50.stream().map(AddedToken::special).toList();
        Map<String, AddedToken> defaults = robertaDefaults();
        defaults.remove(BOS);
        AddedTokens added = added(defaults).with(Map.of(), codes);
        return shifted(
                added, LanguageCodes.MBART_50, Frames.MBART_50, new SentencePieceStyle(model, Spaces.BEFORE, false, true));
    }

    private enum Frames {
        ROBERTA,
        MBART,
        MBART_50
    }

    /** The ids of fairseq: its four special tokens, the pieces, the codes of languages, the mask. */
    private PythonTokenizer shifted(AddedTokens added, List<String> codes, Frames frames, JoinStyle style) {
        Map<String, Integer> fixed = new HashMap<>(Map.of("<s>", 0, "<pad>", 1, "</s>", 2, "<unk>", 3));
        int next = model.size() + 1;
        for (String code : codes) {
            fixed.put(code, next++);
        }
        fixed.put("<mask>", next++);
        SubwordModel subwords = shiftedSubwords(SentencePieceSubwords.Ids.ofFairseq(fixed, next), added);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        Frame frame = switch (frames) {
            case ROBERTA -> roberta(vocabulary);
            case MBART -> mbartFrame(vocabulary);
            case MBART_50 -> mbart50Frame(vocabulary);
        };
        return new PythonTokenizer(
                subwords, vocabulary, frame, style, settings(afterLoadingLowerCase, true, PrefixSpace.OF_MODEL));
    }

    private Frame mbartFrame(AddedVocabulary vocabulary) {
        int[] nothing = {};
        int[] end = {id(vocabulary, EOS), language(vocabulary)};
        return Frame.of(nothing, nothing, nothing, end, 0);
    }

    private Frame mbart50Frame(AddedVocabulary vocabulary) {
        int[] nothing = {};
        return Frame.of(
                new int[] {language(vocabulary)}, nothing, nothing, new int[] {id(vocabulary, EOS)}, 1);
    }

    private int language(AddedVocabulary vocabulary) {
        String code = TokenizerJson.string(config, "src_lang");
        String used = code == null ? "en_XX" : code;
        return vocabulary
                .id(used)
                .orElseThrow(() -> new InvalidModelException(
                        "tokenizer configuration: src_lang is " + used + ", which is no language of the model"));
    }

    private PythonTokenizer barthez() {
        SubwordModel subwords = subwords(SentencePieceCutters.plain(model), model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added(robertaDefaults()));
        return new PythonTokenizer(
                subwords,
                vocabulary,
                roberta(vocabulary),
                new SentencePieceStyle(model, Spaces.BEFORE, false, true),
                settings(afterLoadingLowerCase, true, PrefixSpace.OF_MODEL));
    }

    private PythonTokenizer camembert() {
        AddedTokens own = added(robertaDefaults());
        List<AddedToken> unused = config.has("additional_special_tokens")
                ? List.of()
                : List.of(
                        AddedToken.special("<s>NOTUSED"),
                        AddedToken.special("</s>NOTUSED"),
                        AddedToken.special("<unk>NOTUSED"));
        Map<String, Integer> fixed = Map.of(
                "<s>NOTUSED", 0, name(own, PAD), 1, "</s>NOTUSED", 2, name(own, UNK), 3, "<unk>NOTUSED", 4);
        Map<Integer, AddedToken> byId = new LinkedHashMap<>(own.byId());
        fixed.forEach((token, id) -> byId.put(id, AddedToken.special(token)));
        AddedTokens added = new AddedTokens(byId, own.roles(), own.additional()).with(Map.of(), unused);
        // The class counts the pieces, though their ids begin at 4.
        SentencePieceSubwords.Ids ids =
                new SentencePieceSubwords.Ids(4, fixed, true, model.size() + 4, model.size());
        SubwordModel subwords = new SentencePieceSubwords(model, SentencePieceCutters.plain(model), ids, 3);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        return new PythonTokenizer(
                subwords,
                vocabulary,
                roberta(vocabulary),
                new SentencePieceStyle(model, Spaces.BEFORE, false, true),
                settings(afterLoadingLowerCase, true, PrefixSpace.OF_MODEL));
    }

    private PythonTokenizer bare(Map<String, String> roles) {
        Map<String, AddedToken> defaults = new LinkedHashMap<>();
        roles.forEach((role, token) -> defaults.put(role, AddedToken.special(token)));
        SubwordModel subwords = subwords(SentencePieceCutters.plain(model), model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added(defaults));
        return new PythonTokenizer(
                subwords,
                vocabulary,
                Frame.none(),
                new SentencePieceStyle(model, Spaces.NONE, false, true),
                settings(afterLoadingLowerCase, true, PrefixSpace.OF_MODEL));
    }

    private static SubwordModel subwords(SentencePieceSubwords.Cutter cutter, SentencePieceModel model) {
        return new SentencePieceSubwords(
                model, cutter, SentencePieceSubwords.Ids.ofPieces(model), model.unknownId());
    }

    private SubwordModel shiftedSubwords(SentencePieceSubwords.Ids ids, AddedTokens added) {
        int unknown = ids.fixed().getOrDefault(name(added, UNK), 3);
        return new SentencePieceSubwords(model, SentencePieceCutters.plain(model), ids, unknown);
    }

    private static Frame clsSep(AddedVocabulary vocabulary) {
        return Frame.clsSep(id(vocabulary, CLS), id(vocabulary, SEP));
    }

    private static Frame roberta(AddedVocabulary vocabulary) {
        int[] sep = {id(vocabulary, SEP)};
        int[] twice = {sep[0], sep[0]};
        return Frame.of(new int[] {id(vocabulary, CLS)}, twice, new int[0], sep, 0);
    }

    private AddedTokens added(Map<String, AddedToken> defaults) {
        return AddedTokens.read(config, files, defaults);
    }

    private AddedToken token(String key, String fallback) {
        if (config.path(key).isObject()) {
            return TokenizerJson.addedToken(config.get(key), key).asSpecial();
        }
        String given = TokenizerJson.string(config, key);
        return AddedToken.special(given == null ? fallback : given);
    }

    private PythonTokenizer.Settings settings(boolean lowerCase, boolean cleanUpByDefault, PrefixSpace prefixSpace) {
        return new PythonTokenizer.Settings(
                lowerCase,
                flag("split_special_tokens", false),
                flag("clean_up_tokenization_spaces", cleanUpByDefault),
                prefixSpace);
    }

    private boolean flag(String key, boolean fallback) {
        return TokenizerJson.bool(config, key, fallback);
    }

    private static String name(AddedTokens added, String role) {
        AddedToken token = added.roles().get(role);
        return token == null ? "" : token.content();
    }

    private static int id(AddedVocabulary vocabulary, String role) {
        return vocabulary.idOfRole(role);
    }

    private static Map<String, AddedToken> robertaDefaults() {
        Map<String, AddedToken> defaults = defaults(
                BOS, "<s>", EOS, "</s>", SEP, "</s>", CLS, "<s>", UNK, "<unk>", PAD, "<pad>");
        defaults.put(MASK, AddedToken.leftStripping("<mask>"));
        return defaults;
    }

    private static Map<String, AddedToken> defaults(String... rolesAndNames) {
        Map<String, AddedToken> defaults = new LinkedHashMap<>();
        for (int i = 0; i < rolesAndNames.length; i += 2) {
            defaults.put(rolesAndNames[i], AddedToken.special(rolesAndNames[i + 1]));
        }
        return defaults;
    }
}
