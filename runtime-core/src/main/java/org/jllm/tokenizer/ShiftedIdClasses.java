package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;
import org.jllm.tokenizer.PythonTokenizer.PrefixSpace;
import org.jllm.tokenizer.SentencePieceStyle.Spaces;

/** The classes with ids of fairseq, behind its own special tokens: {@code XLMRobertaTokenizer} and others. */
final class ShiftedIdClasses extends SentencePieceClass {
    private static final int UNKNOWN = 3;

    ShiftedIdClasses(SentencePieceModel model, ObjectNode config, Map<String, Path> files) {
        super(model, config, files);
    }

    PythonTokenizer mluke() {
        List<AddedToken> entities = List.of(token("entity_token_1", "<ent>"), token("entity_token_2", "<ent2>"));
        return roberta(added(robertaDefaults()).with(Map.of(), entities));
    }

    PythonTokenizer xlmRoberta() {
        return roberta(added(robertaDefaults()));
    }

    private PythonTokenizer roberta(AddedTokens added) {
        return shifted(added, List.of(), Frames.ROBERTA, JoinedStyle.ofPieces(false));
    }

    PythonTokenizer mbart() {
        List<AddedToken> codes =
                LanguageCodes.MBART.stream().map(AddedToken::special).toList();
        AddedTokens added = AddedTokens.inFront(codes, added(robertaDefaults()));
        return shifted(added, LanguageCodes.MBART, Frames.MBART, JoinedStyle.ofPieces(false));
    }

    PythonTokenizer mbart50() {
        List<AddedToken> codes =
                LanguageCodes.MBART_50.stream().map(AddedToken::special).toList();
        Map<String, AddedToken> defaults = robertaDefaults();
        defaults.remove(BOS);
        AddedTokens added = added(defaults).with(Map.of(), codes);
        return shifted(
                added,
                LanguageCodes.MBART_50,
                Frames.MBART_50,
                new SentencePieceStyle(model, Spaces.BEFORE, false, true));
    }

    private enum Frames {
        ROBERTA,
        MBART,
        MBART_50
    }

    /** The ids of fairseq: its four special tokens, the pieces, the codes of languages, the mask. */
    private PythonTokenizer shifted(AddedTokens added, List<String> codes, Frames frames, JoinStyle style) {
        Map<String, Integer> fixed = new HashMap<>(Map.of("<s>", 0, "<pad>", 1, "</s>", 2, "<unk>", UNKNOWN));
        int next = model.size() + 1;
        for (String code : codes) {
            fixed.put(code, next++);
        }
        fixed.put("<mask>", next++);
        SentencePieceSubwords.Ids ids = SentencePieceSubwords.Ids.ofFairseq(fixed, next);
        SubwordModel subwords = new SentencePieceSubwords(model, SentencePieceCutters.plain(model), ids, UNKNOWN);
        AddedVocabulary vocabulary = AddedVocabulary.withUnknownByName(subwords, added);
        Frame frame = switch (frames) {
            case ROBERTA -> roberta(vocabulary);
            case MBART -> mbartFrame(vocabulary);
            case MBART_50 -> mbart50Frame(vocabulary);
        };
        return new PythonTokenizer(subwords, vocabulary, frame, style, settings(false, true, PrefixSpace.OF_MODEL));
    }

    private Frame mbartFrame(AddedVocabulary vocabulary) {
        int[] nothing = {};
        int[] end = {id(vocabulary, EOS), language(vocabulary)};
        // The class counts types as if the tokens of RoBERTa stood around the texts.
        return new Frame(nothing, nothing, nothing, end, 0, 0, 2, false);
    }

    private Frame mbart50Frame(AddedVocabulary vocabulary) {
        int[] nothing = {};
        return Frame.of(new int[] {language(vocabulary)}, nothing, nothing, new int[] {id(vocabulary, EOS)}, 1);
    }

    private int language(AddedVocabulary vocabulary) {
        String code = TokenizerJson.string(config, "src_lang");
        String used = code == null ? "en_XX" : code;
        return vocabulary
                .id(used)
                .orElseThrow(() -> new InvalidModelException(
                        "tokenizer configuration: src_lang is " + used + ", which is no language of the model"));
    }

    PythonTokenizer camembert() {
        AddedTokens own = added(robertaDefaults());
        List<AddedToken> unused = config.has("additional_special_tokens")
                ? List.of()
                : List.of(
                        AddedToken.special("<s>NOTUSED"),
                        AddedToken.special("</s>NOTUSED"),
                        AddedToken.special("<unk>NOTUSED"));
        Map<String, Integer> fixed = new LinkedHashMap<>(Map.of("<s>NOTUSED", 0, "</s>NOTUSED", 2, "<unk>NOTUSED", 4));
        fixed.put(name(own, PAD), 1);
        fixed.put(name(own, UNK), UNKNOWN);
        Map<Integer, AddedToken> byId = new LinkedHashMap<>(own.byId());
        fixed.forEach((token, id) -> byId.put(id, AddedToken.special(token)));
        AddedTokens added = new AddedTokens(byId, own.roles(), own.additional()).with(Map.of(), unused);
        // The class counts the pieces, though their ids begin at 4.
        SentencePieceSubwords.Ids ids = new SentencePieceSubwords.Ids(4, fixed, true, model.size() + 4, model.size());
        SubwordModel subwords = new SentencePieceSubwords(model, SentencePieceCutters.plain(model), ids, UNKNOWN);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        return new PythonTokenizer(
                subwords,
                vocabulary,
                roberta(vocabulary),
                new SentencePieceStyle(model, Spaces.BEFORE, false, true),
                settings(false, true, PrefixSpace.OF_MODEL));
    }
}
