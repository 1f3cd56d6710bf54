package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jllm.tokenizer.PythonTokenizer.PrefixSpace;
import org.jllm.tokenizer.SentencePieceStyle.Spaces;

/** The classes whose ids are those of the pieces: {@code AlbertTokenizer}, {@code XLNetTokenizer} and others. */
final class PieceIdClasses extends SentencePieceClass {
    PieceIdClasses(SentencePieceModel model, ObjectNode config, Map<String, Path> files) {
        super(model, config, files);
    }

    PythonTokenizer albert() {
        boolean lowerCase = flag("do_lower_case", true);
        Map<String, AddedToken> defaults =
                defaults(BOS, "[CLS]", EOS, "[SEP]", UNK, "<unk>", SEP, "[SEP]", PAD, "<pad>", CLS, "[CLS]");
        defaults.put(MASK, AddedToken.leftStripping("[MASK]"));
        SubwordModel subwords = subwords(
                SentencePieceCutters.albert(model, flag("remove_space", true), flag("keep_accents", false), lowerCase),
                model);
        return betweenClsAndSep(
                subwords, defaults, new SentencePieceStyle(model, Spaces.BEFORE, false, true), lowerCase);
    }

    /** It stores the flags of {@code AlbertTokenizer}, but lower-cases only. */
    PythonTokenizer remBert() {
        Map<String, AddedToken> defaults =
                defaults(BOS, "[CLS]", EOS, "[SEP]", UNK, "[UNK]", SEP, "[SEP]", PAD, "[PAD]", CLS, "[CLS]");
        defaults.put(MASK, AddedToken.leftStripping("[MASK]"));
        SubwordModel subwords = subwords(SentencePieceCutters.plain(model), model);
        return betweenClsAndSep(
                subwords,
                defaults,
                new SentencePieceStyle(model, Spaces.NONE, false, false),
                flag("do_lower_case", false));
    }

    PythonTokenizer xlNet() {
        boolean lowerCase = flag("do_lower_case", false);
        Map<String, AddedToken> defaults =
                defaults(BOS, "<s>", EOS, "</s>", UNK, "<unk>", SEP, "<sep>", PAD, "<pad>", CLS, "<cls>");
        defaults.put(MASK, AddedToken.leftStripping("<mask>"));
        AddedTokens added = added(defaults);
        if (!config.has("additional_special_tokens")) {
            added = added.with(Map.of(), List.of(AddedToken.special("<eop>"), AddedToken.special("<eod>")));
        }
        SubwordModel subwords = subwords(
                SentencePieceCutters.albert(model, flag("remove_space", true), flag("keep_accents", false), lowerCase),
                model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        int[] nothing = {};
        int[] sep = {id(vocabulary, SEP)};
        int[] end = {sep[0], id(vocabulary, CLS)};
        return new PythonTokenizer(
                subwords,
                vocabulary,
                new Frame(nothing, sep, nothing, end, 1, 2, 0, false),
                JoinedStyle.ofPieces(true),
                settings(lowerCase, true, PrefixSpace.OF_MODEL));
    }

    PythonTokenizer debertaV2() {
        boolean lowerCase = flag("do_lower_case", false);
        Map<String, AddedToken> defaults =
                defaults(BOS, "[CLS]", EOS, "[SEP]", SEP, "[SEP]", PAD, "[PAD]", CLS, "[CLS]", MASK, "[MASK]");
        defaults.put(UNK, new AddedToken("[UNK]", false, false, false, true, true));
        SubwordModel subwords =
                subwords(SentencePieceCutters.deberta(model, lowerCase, flag("split_by_punct", false)), model);
        return betweenClsAndSep(
                subwords, defaults, new SentencePieceStyle(model, Spaces.BEFORE, false, true), lowerCase);
    }

    PythonTokenizer barthez() {
        SubwordModel subwords = subwords(SentencePieceCutters.plain(model), model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added(robertaDefaults()));
        return new PythonTokenizer(
                subwords,
                vocabulary,
                roberta(vocabulary),
                new SentencePieceStyle(model, Spaces.BEFORE, false, true),
                settings(false, true, PrefixSpace.OF_MODEL));
    }

    PythonTokenizer bertGeneration() {
        return bare(defaults(BOS, "<s>", EOS, "</s>", UNK, "<unk>", PAD, "<pad>", SEP, "<::::>"));
    }

    PythonTokenizer reformer() {
        return bare(defaults(EOS, "</s>", UNK, "<unk>"));
    }

    private PythonTokenizer betweenClsAndSep(
            SubwordModel subwords, Map<String, AddedToken> defaults, SentencePieceStyle style, boolean lowerCase) {
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added(defaults));
        return new PythonTokenizer(
                subwords, vocabulary, clsSep(vocabulary), style, settings(lowerCase, true, PrefixSpace.OF_MODEL));
    }

    private PythonTokenizer bare(Map<String, AddedToken> defaults) {
        SubwordModel subwords = subwords(SentencePieceCutters.plain(model), model);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added(defaults));
        return new PythonTokenizer(
                subwords,
                vocabulary,
                Frame.none(),
                new SentencePieceStyle(model, Spaces.NONE, false, true),
                settings(false, true, PrefixSpace.OF_MODEL));
    }
}
