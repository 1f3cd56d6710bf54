package org.jllm.tokenizer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jllm.api.InvalidModelException;

/**
 * The tokenizer of the RWKV World models: of the tokens that the bytes of a text begin with always the longest. A line of its
 * file is an id, a Python literal and the number of its bytes. Id 0 ends a text.
 */
final class RwkvWorld implements SubwordModel {
    private static final int IDS = 1 << 16;
    private static final String END = "<|endoftext|>";

    private final ByteTokens tokens;

    private RwkvWorld(ByteTokens tokens) {
        this.tokens = tokens;
    }

    static PythonTokenizer load(Path file) {
        ByteTokens tokens = new ByteTokens(read(file), file.toString());
        RwkvWorld model = new RwkvWorld(tokens);
        AddedToken end = AddedToken.special(END);
        AddedTokens added = new AddedTokens(Map.of(0, end), Map.of("eos_token", end), List.of());
        return new PythonTokenizer(
                model,
                new AddedVocabulary(model, added),
                Frame.none(),
                new BytesStyle(id -> id == 0 ? Utf8.encode(END) : tokens.bytes(id)),
                new PythonTokenizer.Settings(false, true, false, PythonTokenizer.PrefixSpace.OF_MODEL));
    }

    private static TreeMap<Integer, byte[]> read(Path file) {
        TreeMap<Integer, byte[]> tokens = new TreeMap<>();
        int number = 0;
        for (String line : TokenFile.lines(file)) {
            number++;
            int first = line.indexOf(' ');
            int last = line.lastIndexOf(' ');
            int id = first < 0 ? -1 : number(line.substring(0, first));
            byte[] content = first < last
                    ? PythonLiteral.bytes(line.substring(first + 1, last).strip())
                    : null;
            boolean sound = content != null && content.length == number(line.substring(last + 1));
            if (!sound || id < 1 || id >= IDS || tokens.put(id, content) != null) {
                throw new InvalidModelException(file + ", line " + number + ": expected an id of its own below " + IDS
                        + ", a literal and its length; get the file anew");
            }
        }
        return tokens;
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public void encode(MarkedText text, Output output) {
        byte[] bytes = Utf8.encode(text.text());
        for (int start = 0; start < bytes.length; ) {
            int node = ByteTrie.ROOT;
            int id = NONE;
            int end = start;
            for (int i = start; i < bytes.length; i++) {
                node = tokens.trie.child(node, bytes[i]);
                if (node == ByteTrie.NONE) {
                    break;
                }
                if (tokens.trie.value(node) != ByteTrie.NONE) {
                    id = tokens.trie.value(node);
                    end = i + 1;
                }
            }
            output.add(id, "");
            start = end;
        }
    }

    @Override
    public int size() {
        return IDS;
    }

    @Override
    public String token(int id) {
        return tokens.token(id);
    }

    @Override
    public int id(String token) {
        return tokens.id(token);
    }

    @Override
    public int unknownId() {
        return NONE;
    }
}
