package org.jllm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jllm.api.InvalidModelException;

/**
 * A vocabulary of byte strings. The name of a token is its text; one that is no UTF-8 is named by its bytes, as in
 * {@code \xe3\x81}.
 */
final class ByteTokens {
    private static final byte[] NOTHING = {};

    final ByteTrie trie;
    final int longest;
    private final byte[][] bytes;
    private final Map<String, Integer> ids = new HashMap<>();

    /**
     * @param tokens by id; each single byte has to be among them
     * @param file for messages
     */
    ByteTokens(TreeMap<Integer, byte[]> tokens, String file) {
        bytes = new byte[tokens.isEmpty() ? 0 : tokens.lastKey() + 1][];
        byte[][] keys = new byte[tokens.size()][];
        int[] values = new int[tokens.size()];
        Map<String, Integer> seen = new HashMap<>();
        int count = 0;
        int most = 0;
        for (Map.Entry<Integer, byte[]> token : tokens.entrySet()) {
            byte[] content = token.getValue();
            Integer other = seen.put(new String(content, StandardCharsets.ISO_8859_1), token.getKey());
            if (other != null || content.length == 0) {
                throw new InvalidModelException(file + ": token " + token.getKey()
                        + (other != null ? " is the same as token " + other : " is empty") + "; get the file anew");
            }
            bytes[token.getKey()] = content;
            keys[count] = content;
            values[count++] = token.getKey();
            most = Math.max(most, content.length);
            ids.put(name(content), token.getKey());
        }
        for (int b = 0; b < 256; b++) {
            if (!seen.containsKey(String.valueOf((char) b))) {
                throw new InvalidModelException(file + " has no token for the byte " + b + " alone; get the file anew");
            }
        }
        longest = most;
        trie = new ByteTrie(keys, values);
    }

    private static String name(byte[] content) {
        int at = 0;
        while (at < content.length && Utf8.validLength(content, at, content.length) > 0) {
            at += Utf8.validLength(content, at, content.length);
        }
        if (at == content.length) {
            return new String(content, StandardCharsets.UTF_8);
        }
        StringBuilder name = new StringBuilder();
        for (byte b : content) {
            name.append(String.format("\\x%02x", b));
        }
        return name.toString();
    }

    /** The number of ids. */
    int size() {
        return bytes.length;
    }

    /** The bytes of an id; none where it has no token. */
    byte[] bytes(int id) {
        return id < bytes.length && bytes[id] != null ? bytes[id].clone() : NOTHING;
    }

    String token(int id) {
        return id < bytes.length && bytes[id] != null ? name(bytes[id]) : "";
    }

    int id(String token) {
        return ids.getOrDefault(token, BaseVocabulary.NONE);
    }
}
