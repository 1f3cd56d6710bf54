package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jllm.api.InvalidModelException;

/**
 * {@code LlamaTokenizer}, the Python class of Transformers 4.40, over a sentencepiece model. Fields of
 * {@code tokenizer_config.json} that count: {@code legacy} (true if absent), {@code add_bos_token} (true),
 * {@code add_eos_token} (false), {@code add_prefix_space} (true), {@code split_special_tokens} (false),
 * {@code clean_up_tokenization_spaces} (false) and the special and added tokens.
 */
final class LlamaTokenizer implements Tokenizer {
    private static final String SPACE_MARK = "▁";
    private static final Map<String, String> DEFAULTS =
            Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>");

    private final SentencePieceModel model;
    private final boolean legacy;
    private final boolean addPrefixSpace;
    private final boolean splitSpecialTokens;
    private final boolean cleanUpSpaces;
    private final AddedVocabulary vocabulary;
    private final AddedTokenSplitter splitter;
    private final LlamaDecoder decoder;
    private final BitSet notInLiteral;
    private final int[] prefix;
    private final int[] suffix;
    private final String unknown;
    private final int unknownLength;

    LlamaTokenizer(SentencePieceModel file, ObjectNode config, Map<String, Path> files) {
        legacy = TokenizerJson.bool(config, "legacy", true);
        addPrefixSpace = TokenizerJson.bool(config, "add_prefix_space", true);
        splitSpecialTokens = TokenizerJson.bool(config, "split_special_tokens", false);
        cleanUpSpaces = TokenizerJson.bool(config, "clean_up_tokenization_spaces", false);
        model = legacy ? file : file.withoutDummyPrefix();
        vocabulary = new AddedVocabulary(model, AddedTokens.read(config, files, DEFAULTS));
        splitter = new AddedTokenSplitter(vocabulary.addedTokens());
        decoder = new LlamaDecoder(model, vocabulary, legacy, addPrefixSpace);
        notInLiteral = vocabulary.notInLiteral();
        SpecialTokens special = vocabulary.special();
        prefix = fixed(config, "add_bos_token", true, "bos_token", special.bos());
        suffix = fixed(config, "add_eos_token", false, "eos_token", special.eos());
        unknown = special.byRole().getOrDefault("unk_token", "");
        unknownLength = model.encode(MarkedText.of(unknown), notInLiteral).ids().length;
    }

    private static int[] fixed(ObjectNode config, String flag, boolean fallback, String role, OptionalInt id) {
        if (!TokenizerJson.bool(config, flag, fallback)) {
            return new int[0];
        }
        return new int[] {
            id.orElseThrow(() -> new InvalidModelException("tokenizer configuration: " + flag + " is true, but " + role
                    + " is not set; set it or turn the flag off"))
        };
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        IntArray ids = new IntArray(text.text().length() / 2);
        if (addSpecialTokens) {
            ids.addAll(prefix);
        }
        ids.addAll(encodeText(text));
        if (addSpecialTokens) {
            ids.addAll(suffix);
        }
        return ids.toArray();
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        int[] one = encode(first, true);
        int[] two = encode(second, true);
        IntArray ids = new IntArray(one.length + two.length);
        ids.addAll(one);
        ids.addAll(two);
        int[] types = new int[ids.size()];
        Arrays.fill(types, one.length, types.length, 1);
        return new EncodedPair(ids.toArray(), types);
    }

    private int[] encodeText(MarkedText given) {
        MarkedText text = given.withText(Utf8.wellFormed(given.text()));
        if (!legacy && !text.text().isEmpty()) {
            text = text.withText(text.text().replace(SPACE_MARK, " "));
            text = addPrefixSpace ? MarkedText.of(SPACE_MARK).plus(text) : text;
        }
        List<AddedTokenSplitter.Part> parts =
                splitSpecialTokens ? List.of(new AddedTokenSplitter.Part(text, null)) : splitter.split(text);
        IntArray ids = new IntArray(text.text().length() / 2);
        List<String> firstTokens = new ArrayList<>(2);
        for (AddedTokenSplitter.Part part : parts) {
            AddedToken token = part.token();
            if (token != null) {
                ids.add(vocabulary.idOrUnknown(token.content()));
                note(firstTokens, token.content());
            } else {
                encodePart(part.text(), ids, firstTokens);
            }
        }
        boolean spaceBeforeSpecial = !legacy
                && firstTokens.size() > 1
                && firstTokens.get(0).equals(SPACE_MARK)
                && vocabulary.isSpecial(firstTokens.get(1));
        int[] all = ids.toArray();
        return spaceBeforeSpecial ? Arrays.copyOfRange(all, 1, all.length) : all;
    }

    /** Without the dummy prefix sentencepiece loses a space at the beginning: so something stands before it. */
    private void encodePart(MarkedText text, IntArray ids, List<String> firstTokens) {
        boolean guarded =
                !legacy && (text.text().startsWith(SPACE_MARK) || text.text().startsWith(" "));
        SentencePieceModel.Encoded encoded =
                model.encode(guarded ? MarkedText.of(unknown).plus(text) : text, notInLiteral);
        int skipped = guarded && encoded.ids().length >= unknownLength ? unknownLength : 0;
        for (int i = skipped; i < encoded.ids().length; i++) {
            int id = encoded.ids()[i];
            String piece = encoded.pieces().get(i);
            ids.add(id == model.unknownId() ? vocabulary.idOrUnknown(piece) : vocabulary.idOfPiece(id));
            note(firstTokens, piece);
        }
    }

    private static void note(List<String> firstTokens, String token) {
        if (firstTokens.size() < 2) {
            firstTokens.add(token);
        }
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        String text = decoder.decode(ids, skipSpecialTokens);
        return cleanUpSpaces ? PythonText.cleanUpSpaces(text) : text;
    }

    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        return skipSpecialTokens ? decoder.stream() : Detokenizer.ofBytes(this, false);
    }

    @Override
    public byte[] bytes(int id) {
        String name = vocabulary.token(id);
        return vocabulary.isAdded(id) || id >= model.size() ? Utf8.encode(name) : model.bytes(id);
    }

    @Override
    public int leadingSpacesDropped() {
        int ofModel = model.leadingSpacesDropped();
        return ofModel == Integer.MAX_VALUE || !addPrefixSpace ? ofModel : ofModel + 1;
    }

    @Override
    public String token(int id) {
        return vocabulary.token(id);
    }

    @Override
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public int vocabularySize() {
        return model.size();
    }

    @Override
    public SpecialTokens specialTokens() {
        return vocabulary.special();
    }
}
