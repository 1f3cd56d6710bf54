package org.jllm.tokenizer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;

/**
 * A vocabulary with a token a line ({@code vocab.txt}); its number, from 0 on, is its id. A token that is there twice has the
 * later id, and the earlier one has no token, as in the Python classes.
 */
final class TokenList implements BaseVocabulary {
    private final Map<String, Integer> ids = new HashMap<>();
    private final String[] names;
    private final String unknown;
    private final int unknownId;

    private TokenList(Path file, List<String> lines, String unknown) {
        this.unknown = unknown;
        for (int id = 0; id < lines.size(); id++) {
            ids.put(lines.get(id), id);
        }
        names = new String[lines.size()];
        for (int id = 0; id < names.length; id++) {
            String line = lines.get(id);
            names[id] = ids.getOrDefault(line, NONE) == id ? line : unknown;
        }
        Integer id = ids.get(unknown);
        if (id == null) {
            throw new InvalidModelException(file + " has no line \"" + unknown
                    + "\", which unk_token names; get the file anew or set unk_token");
        }
        unknownId = id;
    }

    /** @param unknown the token that stands for what is none */
    static TokenList read(Path file, String unknown) {
        return new TokenList(file, TokenFile.lines(file), unknown);
    }

    Map<String, Integer> ids() {
        return Map.copyOf(ids);
    }

    String unknown() {
        return unknown;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public int names() {
        return ids.size();
    }

    @Override
    public String token(int id) {
        return names[id];
    }

    @Override
    public int id(String token) {
        return ids.getOrDefault(token, NONE);
    }

    @Override
    public int unknownId() {
        return unknownId;
    }
}
