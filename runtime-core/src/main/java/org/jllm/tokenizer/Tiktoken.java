package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of Qwen 1, {@code QWenTokenizer} of its repositories, over {@code qwen.tiktoken}: a line is a token in
 * Base64 and its rank, which is its id. Special tokens follow behind the last one.
 */
final class Tiktoken implements SubwordModel {
    private static final int LARGEST_ID = 1 << 24;
    private static final int EXTRAS = 205;
    private static final String END = "<|endoftext|>";
    private static final Pattern WORDS = Pattern.compile(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}++|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s++",
            Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);

    private final ByteTokens tokens;
    private final Map<String, Integer> special;
    private final Map<Integer, String> specialNames;
    private final int size;

    private Tiktoken(ByteTokens tokens, Map<String, Integer> special) {
        this.tokens = tokens;
        this.special = special;
        specialNames = Inverse.of(special);
        size = tokens.size() + special.size();
    }

    static PythonTokenizer load(Path file, ObjectNode config, Map<String, Path> files) {
        ByteTokens tokens = new ByteTokens(read(file), file.toString());
        Map<String, Integer> special = new LinkedHashMap<>();
        for (String name : List.of(END, "<|im_start|>", "<|im_end|>")) {
            special.put(name, tokens.size() + special.size());
        }
        for (int i = 0; i < EXTRAS; i++) {
            special.put("<|extra_" + i + "|>", tokens.size() + special.size());
        }
        Tiktoken model = new Tiktoken(tokens, special);
        AddedTokens given = AddedTokens.read(config, files, Map.of("eos_token", AddedToken.special(END)));
        AddedTokens added = given.with(
                Map.of(), special.keySet().stream().map(AddedToken::special).toList());
        return new PythonTokenizer(
                model,
                new AddedVocabulary(model, added),
                Frame.none(),
                new BytesStyle(model::bytes),
                new PythonTokenizer.Settings(
                        false, false, false, PythonTokenizer.PrefixSpace.OF_MODEL, Normalizer.Form.NFC));
    }

    private static TreeMap<Integer, byte[]> read(Path file) {
        TreeMap<Integer, byte[]> tokens = new TreeMap<>();
        int number = 0;
        for (String line : TokenFile.lines(file)) {
            number++;
            if (line.isEmpty()) {
                continue;
            }
            List<String> parts = PythonText.split(line);
            byte[] content = parts.size() == 2 ? decode(parts.get(0)) : null;
            int rank = parts.size() == 2 ? rank(parts.get(1)) : -1;
            if (content == null || rank < 0 || rank >= LARGEST_ID || tokens.put(rank, content) != null) {
                throw new InvalidModelException(file + ", line " + number
                        + ": expected a token in Base64 and a rank of its own below " + LARGEST_ID
                        + "; get the file anew");
            }
        }
        return tokens;
    }

    private static byte @Nullable [] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int rank(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private byte[] bytes(int id) {
        String name = specialNames.get(id);
        return name != null ? Utf8.encode(name) : tokens.bytes(id);
    }

    @Override
    public void encode(MarkedText text, Output output) {
        Matcher matcher = WORDS.matcher(text.text());
        while (matcher.find()) {
            byte[] word = Utf8.encode(matcher.group());
            int whole = word.length > tokens.longest ? NONE : tokens.trie.get(word, 0, word.length);
            if (whole != NONE) {
                output.add(whole, "");
            } else {
                encodeWord(word, output);
            }
        }
    }

    private void encodeWord(byte[] word, Output output) {
        int[] symbols = new int[word.length];
        for (int i = 0; i < word.length; i++) {
            symbols[i] = tokens.trie.get(word, i, i + 1);
        }
        for (int id : PairMerger.merge(symbols, (left, right, from, to) -> {
            int merged = to - from > tokens.longest ? NONE : tokens.trie.get(word, from, to);
            return merged == NONE ? PairMerger.NONE : PairMerger.pair(merged, merged);
        })) {
            output.add(id, "");
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String token(int id) {
        String name = specialNames.get(id);
        return name != null ? name : tokens.token(id);
    }

    @Override
    public int id(String token) {
        Integer id = special.get(token);
        return id != null ? id : tokens.id(token);
    }

    @Override
    public int unknownId() {
        return NONE;
    }
}
