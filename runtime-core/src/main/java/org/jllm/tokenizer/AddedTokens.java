package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * The added tokens of a configuration by id and the special ones by role, gathered from {@code tokenizer_config.json},
 * or where that lists none from {@code special_tokens_map.json} and {@code added_tokens.json}, in the way of
 * {@code PreTrainedTokenizerBase._from_pretrained}.
 *
 * @param byId what the files give an id
 * @param roles role to token; those of {@code additional_special_tokens} are apart
 * @param additional {@code additional_special_tokens}
 */
record AddedTokens(Map<Integer, AddedToken> byId, Map<String, AddedToken> roles, List<AddedToken> additional) {
    /** In the order in which Transformers adds them. */
    static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final int LARGEST_ID = 1 << 24;
    private static final String ADDITIONAL = "additional_special_tokens";

    /**
     * @param config tokenizer_config.json
     * @param files by role: {@code special_tokens_map_file}, {@code added_tokens_file}
     * @param defaults the class's own special tokens by role; their flags hold for a token that is given as a string, too
     */
    static AddedTokens read(ObjectNode config, Map<String, Path> files, Map<String, AddedToken> defaults) {
        Map<Integer, AddedToken> byId = new TreeMap<>();
        ObjectNode fields = config;
        JsonNode decoder = config.path("added_tokens_decoder");
        if (decoder.isObject()) {
            decoder.properties()
                    .forEach(entry -> byId.put(
                            id(entry.getKey(), "added_tokens_decoder"),
                            TokenizerJson.addedToken(entry.getValue(), "added_tokens_decoder." + entry.getKey())));
        } else {
            fields = config.deepCopy();
            Path map = files.get("special_tokens_map_file");
            if (map != null) {
                mergeSpecialTokensMap(StrictJson.object(map), fields);
            }
            Path added = files.get("added_tokens_file");
            if (added != null) {
                readAddedTokens(StrictJson.object(added), fields, byId);
            }
        }
        Map<String, AddedToken> byContent = new LinkedHashMap<>();
        byId.values().forEach(token -> byContent.put(token.content(), token));
        Map<String, AddedToken> roles = new LinkedHashMap<>();
        for (String role : ROLES) {
            AddedToken fallback = defaults.get(role);
            AddedToken token = fields.has(role) ? token(fields.get(role), role) : fallback;
            if (token != null && !token.content().isEmpty()) {
                AddedToken known = fields.has(role) ? byContent.get(token.content()) : null;
                boolean plain = fields.path(role).isTextual();
                AddedToken flagged = fallback != null && plain ? fallback.withContent(token.content()) : token;
                roles.put(role, (known == null ? flagged : known).asSpecial());
            }
        }
        return new AddedTokens(byId, roles, additional(fields, byContent));
    }

    /** These and tokens that the class itself brings along; ids and roles of the files go before. */
    AddedTokens with(Map<Integer, AddedToken> ownById, List<AddedToken> ownAdditional) {
        Map<Integer, AddedToken> ids = new TreeMap<>(ownById);
        ids.putAll(byId);
        List<AddedToken> all = new ArrayList<>(additional);
        ownAdditional.stream()
                .filter(token -> all.stream().noneMatch(other -> other.content().equals(token.content())))
                .forEach(all::add);
        return new AddedTokens(ids, roles, List.copyOf(all));
    }

    /** Tokens that a class puts before the additional ones. */
    static AddedTokens inFront(List<AddedToken> own, AddedTokens added) {
        AddedTokens onlyOwn = new AddedTokens(added.byId, added.roles, own);
        return onlyOwn.with(Map.of(), added.additional);
    }

    /** All special tokens, each once, in the order in which they are added. */
    List<AddedToken> special() {
        Map<String, AddedToken> all = new LinkedHashMap<>();
        roles.values().forEach(token -> all.putIfAbsent(token.content(), token));
        additional.forEach(token -> all.putIfAbsent(token.content(), token));
        return List.copyOf(all.values());
    }

    private static List<AddedToken> additional(ObjectNode fields, Map<String, AddedToken> byContent) {
        JsonNode list = fields.path(ADDITIONAL);
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw new InvalidModelException("tokenizer configuration: " + ADDITIONAL + " is no list: " + list);
        }
        List<AddedToken> result = new ArrayList<>();
        for (JsonNode item : list) {
            AddedToken token = token(item, ADDITIONAL);
            if (token != null) {
                // A plain string that the files list already keeps the flags from there.
                AddedToken known = item.isTextual() ? byContent.get(token.content()) : null;
                result.add((known == null ? token : known).asSpecial());
            }
        }
        return List.copyOf(result);
    }

    private static @Nullable AddedToken token(JsonNode value, String key) {
        if (value.isNull()) {
            return null;
        }
        if (value.isTextual()) {
            return AddedToken.special(value.textValue());
        }
        if (value.isObject()) {
            return TokenizerJson.addedToken(value, key);
        }
        throw new InvalidModelException("tokenizer configuration: " + key + " is " + value + ", not a token");
    }

    private static void mergeSpecialTokensMap(ObjectNode map, ObjectNode fields) {
        map.properties().forEach(entry -> {
            String key = entry.getKey();
            JsonNode earlier = fields.path(key);
            if (key.equals(ADDITIONAL) && entry.getValue().isArray() && earlier.isArray()) {
                var union = fields.arrayNode();
                earlier.forEach(union::add);
                for (JsonNode item : entry.getValue()) {
                    boolean known = false;
                    for (JsonNode other : union) {
                        known |= other.equals(item);
                    }
                    if (!known) {
                        union.add(item);
                    }
                }
                fields.set(key, union);
            } else {
                fields.set(key, entry.getValue());
            }
        });
    }

    private static void readAddedTokens(ObjectNode added, ObjectNode fields, Map<Integer, AddedToken> byId) {
        List<String> special = new ArrayList<>();
        for (String role : ROLES) {
            AddedToken token = fields.has(role) ? token(fields.get(role), role) : null;
            if (token != null) {
                special.add(token.content());
            }
        }
        additional(fields, Map.of()).forEach(token -> special.add(token.content()));
        added.properties().forEach(entry -> {
            boolean isSpecial = special.contains(entry.getKey());
            byId.put(
                    id(entry.getValue().asText(), "added_tokens.json"),
                    new AddedToken(entry.getKey(), false, false, false, !isSpecial, isSpecial));
        });
    }

    private static int id(String number, String where) {
        try {
            int id = Integer.parseInt(number);
            if (id >= 0 && id < LARGEST_ID) {
                return id;
            }
        } catch (NumberFormatException e) {
            // Answered below.
        }
        throw new InvalidModelException("tokenizer configuration: " + where + " has the id \"" + number
                + "\", not a number below " + LARGEST_ID);
    }
}
