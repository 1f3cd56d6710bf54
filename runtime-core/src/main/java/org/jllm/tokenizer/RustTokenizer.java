package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jllm.api.InvalidRequestException;
import org.jllm.checkpoint.StrictJson;
import org.jspecify.annotations.Nullable;

/** A {@code tokenizer.json}, run by the Rust library {@code tokenizers}, with what the fast class of it adds. */
final class RustTokenizer implements Tokenizer {
    private static final Set<String> NO_CLEAN_UP =
            Set.of("LlamaTokenizer", "CodeLlamaTokenizer", "Qwen2Tokenizer", "GemmaTokenizer", "CohereTokenizer");

    private final NativeTokenizer library;
    private final LiteralText literalText;
    private final Map<Integer, String> names;
    private final Map<String, Integer> ids;
    private final RustDecoder decoder;
    private final SpecialTokens special;
    private final boolean cleanUpSpaces;
    private final int vocabularySize;
    private final int size;

    private RustTokenizer(RustDefinition definition, boolean cleanUpSpaces) {
        this.cleanUpSpaces = cleanUpSpaces;
        names = Map.copyOf(definition.names);
        ids = Map.copyOf(definition.ids);
        size = names.keySet().stream().max(Integer::compare).orElse(-1) + 1;
        vocabularySize = definition.vocabularySize;
        decoder = new RustDecoder(definition.root.path("decoder"));
        special = specialTokens(definition);
        library = new NativeTokenizer(definition.root.toString(), definition.name);
        literalText = new LiteralText(definition, library);
    }

    /** @param tokenizerClass without {@code Fast} */
    static RustTokenizer load(Path json, ObjectNode config, Map<String, Path> files, String tokenizerClass) {
        return of(json.toString(), StrictJson.object(json), config, files, tokenizerClass);
    }

    /** A byte-level BPE whose vocabulary and merges are files of their own, as GPT-2 has it. */
    static RustTokenizer byteLevel(
            Path vocabulary, Path merges, ObjectNode config, Map<String, Path> files, String tokenizerClass) {
        return of(vocabulary.toString(), ByteLevelBpe.read(vocabulary, merges), config, files, tokenizerClass);
    }

    /**
     * A definition that was read already.
     *
     * @param name for messages
     * @param tokenizerClass without {@code Fast}
     */
    static RustTokenizer of(
            String name, ObjectNode root, ObjectNode config, Map<String, Path> files, String tokenizerClass) {
        boolean cleanUp =
                TokenizerJson.bool(config, "clean_up_tokenization_spaces", !NO_CLEAN_UP.contains(tokenizerClass));
        return new RustTokenizer(new RustDefinition(name, root, config, files, tokenizerClass), cleanUp);
    }

    private static SpecialTokens specialTokens(RustDefinition definition) {
        Map<String, String> roles = new HashMap<>();
        Set<Integer> special = new HashSet<>();
        definition.addedById.forEach((id, token) -> {
            if (token.special()) {
                special.add(id);
            }
        });
        definition.special.roles().forEach((role, token) -> roles.put(role, token.content()));
        return new SpecialTokens(
                id(definition.ids, roles.get("bos_token")), id(definition.ids, roles.get("eos_token")), roles, special);
    }

    private static OptionalInt id(Map<String, Integer> ids, @Nullable String token) {
        Integer id = token == null ? null : ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        MarkedText wellFormed = text.withText(Utf8.wellFormed(text.text()));
        return literalText.concerns(wellFormed)
                ? literalText.encode(wellFormed, addSpecialTokens)
                : library.encode(wellFormed.text(), addSpecialTokens);
    }

    @Override
    public EncodedPair encodePair(String first, String second) {
        return library.encodePair(Utf8.wellFormed(first), Utf8.wellFormed(second));
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        Arrays.stream(ids).forEach(this::check);
        String text = library.decode(ids, skipSpecialTokens);
        return cleanUpSpaces ? SpaceCleaner.clean(text) : text;
    }

    @Override
    public Detokenizer detokenizer(boolean skipSpecialTokens) {
        Detokenizer stream = new BytesDetokenizer(this, skipSpecialTokens);
        return cleanUpSpaces && skipSpecialTokens ? SpaceCleaner.over(stream) : stream;
    }

    @Override
    public byte[] bytes(int id) {
        return special.ids().contains(id) ? Utf8.encode(token(id)) : decoder.bytes(token(id));
    }

    @Override
    public int leadingSpacesDropped() {
        return decoder.leadingSpacesDropped();
    }

    @Override
    public String token(int id) {
        check(id);
        return names.getOrDefault(id, "");
    }

    @Override
    public OptionalInt id(String token) {
        return id(ids, token);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public SpecialTokens specialTokens() {
        return special;
    }

    private void check(int id) {
        if (id < 0 || id >= size) {
            throw new InvalidRequestException(
                    "token id " + id + " is not in this vocabulary (0 to " + (size - 1) + ")");
        }
    }

    @Override
    public void close() {
        literalText.close();
        library.close();
    }
}
