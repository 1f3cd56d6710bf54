package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;
import org.jllm.tokenizer.PythonTokenizer.PrefixSpace;
import org.jllm.tokenizer.SentencePieceStyle.Spaces;

/** {@code LlamaTokenizer}, {@code T5Tokenizer} and others, which put a space before a text unless they are legacy. */
final class PrefixedClasses extends SentencePieceClass {
    PrefixedClasses(SentencePieceModel model, ObjectNode config, Map<String, Path> files) {
        super(model, config, files);
    }

    PythonTokenizer llama() {
        boolean legacy = flag("legacy", true);
        Spaces spaces = legacy ? Spaces.LLAMA_LEGACY : Spaces.LLAMA;
        return llama(llamaTokens(), legacy, flag("add_prefix_space", true), spaces);
    }

    PythonTokenizer codeLlama() {
        List<AddedToken> infilling = List.of(
                token("prefix_token", "▁<PRE>"),
                token("middle_token", "▁<MID>"),
                token("suffix_token", "▁<SUF>"),
                token("eot_token", "▁<EOT>"));
        return llama(llamaTokens().with(Map.of(), infilling), false, true, Spaces.NONE);
    }

    /** As {@code LlamaTokenizer} was when the class was made. */
    PythonTokenizer plamo() {
        return llama(llamaTokens(), true, false, Spaces.LLAMA_LEGACY);
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
                settings(false, false, prefix(legacy, prefixSpace)));
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

    PythonTokenizer t5() {
        boolean legacy = flag("legacy", true);
        boolean prefixSpace = flag("add_prefix_space", true);
        AddedTokens added =
                Sentinels.addTo(added(defaults(EOS, "</s>", UNK, "<unk>", PAD, "<pad>")), config, model.size());
        SentencePieceModel used = legacy ? model : model.withoutDummyPrefix();
        SubwordModel subwords = subwords(
                legacy ? SentencePieceCutters.plain(used) : SentencePieceCutters.guarded(used, name(added, UNK)), used);
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        int[] eos = {id(vocabulary, EOS)};
        int[] nothing = {};
        return new PythonTokenizer(
                subwords,
                vocabulary,
                new Frame(nothing, eos, nothing, eos, 0, 0, 0, true),
                new SentencePieceStyle(used, Spaces.BEFORE, prefixSpace, true),
                settings(false, true, prefix(legacy, prefixSpace)));
    }
}
