package org.jllm.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.gguf.binding.Llama;
import org.jllm.tokenizer.EncodedPair;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.SpecialTokens;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** The tokenizer of a GGUF file: its own vocabulary, by llama.cpp. */
final class LlamaCppTokenizer implements Tokenizer {
    private static final String[] ROLES = {"bos", "eos", "eot", "sep", "pad", "mask"};

    private final LlamaVocabulary vocabulary;
    private final SpecialTokens special;
    private final Set<Integer> endIds;
    private final LiteralCutter cutter;
    private final Optional<String> chatTemplate;
    private final boolean dropsLeadingSpace;
    private volatile @Nullable Map<String, Integer> idsByName;

    /** Takes over the model, of which it needs the vocabulary alone. */
    LlamaCppTokenizer(LlamaModel model) {
        chatTemplate = model.chatTemplate();
        boolean spacePrefix = !model.metadata("tokenizer.ggml.add_space_prefix")
                .orElse("true")
                .equals("false");
        vocabulary = new LlamaVocabulary(model);
        dropsLeadingSpace = vocabulary.type() == Llama.VOCAB_TYPE_SPM && spacePrefix;
        Set<Integer> ids = vocabulary.withAttributes(Llama.TOKEN_ATTR_CONTROL | Llama.TOKEN_ATTR_UNKNOWN);
        special = new SpecialTokens(role("bos"), role("eos"), byRole(), ids);
        endIds = vocabulary.endIds();
        cutter = LiteralCutter.of(vocabulary);
    }

    private OptionalInt role(String name) {
        int id = vocabulary.role(name);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private Map<String, String> byRole() {
        Map<String, String> names = new HashMap<>();
        for (String role : ROLES) {
            role(role).ifPresent(id -> names.put(role + "_token", vocabulary.name(id)));
        }
        return names;
    }

    /** The template that the file brings along. */
    Optional<String> chatTemplate() {
        return chatTemplate;
    }

    @Override
    public int[] encode(MarkedText text, boolean addSpecialTokens) {
        if (!cutter.concerns(text)) {
            return vocabulary.encode(utf8(text.text()), addSpecialTokens, true);
        }
        IntStream.Builder ids = IntStream.builder();
        // What is added around a text does not depend on it.
        int[] bare = vocabulary.encode(new byte[] {'a'}, false, false);
        int[] framed = addSpecialTokens ? vocabulary.encode(new byte[] {'a'}, true, false) : bare;
        int before = Math.max(0, indexOf(framed, bare));
        Arrays.stream(framed, 0, before).forEach(ids);
        for (LiteralCutter.Part part : cutter.cut(text)) {
            if (part.token() >= 0) {
                ids.add(part.token());
            } else {
                Arrays.stream(vocabulary.encode(utf8(part.text()), false, false))
                        .forEach(ids);
            }
        }
        Arrays.stream(framed, before + bare.length, framed.length).forEach(ids);
        return ids.build().toArray();
    }

    private static int indexOf(int[] all, int[] part) {
        return IntStream.rangeClosed(0, all.length - part.length)
                .filter(i -> Arrays.equals(all, i, i + part.length, part, 0, part.length))
                .findFirst()
                .orElse(-1);
    }

    /** Lone surrogates, which no encoding has, become U+FFFD. */
    private static byte[] utf8(String text) {
        int[] points = text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .toArray();
        return new String(points, 0, points.length).getBytes(StandardCharsets.UTF_8);
    }

    /** Both texts one behind the other, each with what is added to it. */
    @Override
    public EncodedPair encodePair(String first, String second) {
        int[] one = encode(first, true);
        int[] two = encode(second, true);
        int skipped = special.bos().isPresent()
                        && two.length > 0
                        && two[0] == special.bos().getAsInt()
                ? 1
                : 0;
        int[] ids = IntStream.concat(Arrays.stream(one), Arrays.stream(two, skipped, two.length))
                .toArray();
        int[] types = new int[ids.length];
        Arrays.fill(types, one.length, ids.length, 1);
        return new EncodedPair(ids, types);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (!skipSpecialTokens || !special.ids().contains(id)) {
                bytes.writeBytes(vocabulary.bytes(id));
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return dropsLeadingSpace && text.startsWith(" ") ? text.substring(1) : text;
    }

    @Override
    public byte[] bytes(int id) {
        return vocabulary.bytes(id);
    }

    @Override
    public int leadingSpacesDropped() {
        return dropsLeadingSpace ? 1 : 0;
    }

    @Override
    public String token(int id) {
        return vocabulary.name(id);
    }

    @Override
    public OptionalInt id(String token) {
        Map<String, Integer> ids = idsByName;
        if (ids == null) {
            ids = new HashMap<>();
            for (int id = vocabulary.size() - 1; id >= 0; id--) {
                ids.put(vocabulary.name(id), id);
            }
            idsByName = ids;
        }
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public SpecialTokens specialTokens() {
        return special;
    }

    @Override
    public Set<Integer> endIds() {
        return endIds;
    }

    @Override
    public void close() {
        vocabulary.close();
    }
}
