package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.StrictJson;

/**
 * A tokenizer.json whose pre-tokenizer is an analyser of words, which such a file cannot name: another stands there in its place.
 * It gets words with {@link Cutting#BETWEEN} between them, and puts {@code [CLS]} and {@code [SEP]} around a text, as the
 * program of Hitachi's models does.
 */
final class TokenizerJsonOfWords {
    private static final Map<String, String> ROLES = Map.of(
            "unk_token", "[UNK]",
            "cls_token", "[CLS]",
            "sep_token", "[SEP]",
            "pad_token", "[PAD]",
            "mask_token", "[MASK]");

    private TokenizerJsonOfWords() {}

    static RustTokenizer load(Path json, ObjectNode config, Map<String, Path> files) {
        ObjectNode root = StrictJson.object(json);
        if (root.hasNonNull("normalizer")) {
            throw new UnsupportedModelException(
                    json
                            + " has a normalizer, and words of an analyser are to be cut from normalised text; that is not supported");
        }
        root.putObject("pre_tokenizer").put("type", "CharDelimiterSplit").put("delimiter", Cutting.BETWEEN);
        ObjectNode named = config.deepCopy();
        ROLES.forEach((role, token) -> {
            if (!named.has(role)) {
                named.put(role, token);
            }
        });
        ObjectNode processor = root.putObject("post_processor").put("type", "BertProcessing");
        Map<String, Integer> ids = ids(root);
        for (String role : new String[] {"cls", "sep"}) {
            String token = ROLES.getOrDefault(role + "_token", "");
            Integer id = ids.get(token);
            if (id == null) {
                throw new InvalidModelException(json + " has no token " + token + "; get the file anew");
            }
            processor.putArray(role).add(token).add(id);
        }
        return RustTokenizer.of(json.toString(), root, named, files, "PreTrainedTokenizer");
    }

    private static Map<String, Integer> ids(ObjectNode root) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        root.path("model")
                .path("vocab")
                .properties()
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue().intValue()));
        for (JsonNode token : root.path("added_tokens")) {
            ids.put(token.path("content").asText(), token.path("id").intValue());
        }
        return ids;
    }
}
