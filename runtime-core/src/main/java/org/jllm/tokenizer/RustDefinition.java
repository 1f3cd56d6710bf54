package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jllm.api.InvalidModelException;

/**
 * A tokenizer.json as the fast class of Transformers 4.40 changes it when it loads: special tokens of the configuration
 * are added, and some classes rewrite the normaliser, the pre-tokenizer or the post-processor.
 */
final class RustDefinition {
    private static final int LARGEST_ID = 1 << 24;
    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final Set<String> BYTE_LEVEL_CLASSES = Set.of("GPT2Tokenizer", "GPTNeoXTokenizer");
    private static final Set<String> BERT_CLASSES =
            Set.of("BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "LayoutLMTokenizer");

    final String name;
    final ObjectNode root;
    /** Names by id: the model's vocabulary and the added tokens. */
    final Map<Integer, String> names = new HashMap<>();

    final Map<String, Integer> ids = new HashMap<>();
    final Map<Integer, AddedToken> addedById = new TreeMap<>();
    final AddedTokens special;
    final int vocabularySize;

    /**
     * @param name of the file for messages
     * @param root its content, which is changed
     * @param tokenizerClass without {@code Fast}
     */
    RustDefinition(String name, ObjectNode root, ObjectNode config, Map<String, Path> files, String tokenizerClass) {
        this.name = name;
        this.root = root;
        root.putNull("truncation");
        root.putNull("padding");
        readVocabulary();
        vocabularySize = ids.size();
        for (JsonNode token : root.path("added_tokens")) {
            addedById.put(checked(token.path("id")), TokenizerJson.addedToken(token, "added_tokens"));
        }
        addedById.forEach((id, token) -> name(token.content(), id));
        special = AddedTokens.read(config, files, tokens(defaults(tokenizerClass)));
        special.byId().values().forEach(this::add);
        special.special().forEach(this::add);
        rewrite(config, tokenizerClass);
    }

    private Map<String, String> defaults(String tokenizerClass) {
        Map<String, String> defaults = new LinkedHashMap<>();
        switch (tokenizerClass) {
            case "LlamaTokenizer", "CodeLlamaTokenizer" -> {
                defaults.put("bos_token", "<s>");
                defaults.put("eos_token", "</s>");
                defaults.put("unk_token", "<unk>");
            }
            case "GPT2Tokenizer", "GPTNeoXTokenizer" -> {
                defaults.put("bos_token", END_OF_TEXT);
                defaults.put("eos_token", END_OF_TEXT);
                defaults.put("unk_token", END_OF_TEXT);
            }
            case "Qwen2Tokenizer" -> {
                defaults.put("eos_token", END_OF_TEXT);
                defaults.put("pad_token", END_OF_TEXT);
            }
            default -> {
                if (BERT_CLASSES.contains(tokenizerClass)) {
                    Map.of("unk_token", "[UNK]", "sep_token", "[SEP]", "pad_token", "[PAD]")
                            .forEach(defaults::put);
                    defaults.put("cls_token", "[CLS]");
                    defaults.put("mask_token", "[MASK]");
                }
            }
        }
        defaults.values().removeIf(token -> !ids.containsKey(token));
        return defaults;
    }

    private static Map<String, AddedToken> tokens(Map<String, String> names) {
        Map<String, AddedToken> tokens = new LinkedHashMap<>();
        names.forEach((role, name) -> tokens.put(role, AddedToken.special(name)));
        return tokens;
    }

    private void readVocabulary() {
        JsonNode vocabulary = root.path("model").path("vocab");
        if (vocabulary.isArray()) {
            int id = 0;
            for (JsonNode entry : vocabulary) {
                name(entry.path(0).asText(), id++);
            }
        } else if (vocabulary.isObject()) {
            vocabulary.properties().forEach(entry -> name(entry.getKey(), checked(entry.getValue())));
        } else {
            throw new InvalidModelException(
                    name + " is no usable tokenizer.json: model.vocab is missing; get the file anew");
        }
    }

    private void name(String token, int id) {
        names.put(id, token);
        ids.put(token, id);
    }

    private int checked(JsonNode id) {
        if (!id.isInt() || id.intValue() < 0 || id.intValue() >= LARGEST_ID) {
            throw new InvalidModelException(name + " has the token id " + id + ", not a number from 0 to "
                    + (LARGEST_ID - 1) + "; get the file anew");
        }
        return id.intValue();
    }

    /** Adds a token, if it is not an added one already, with the id that the library would give it. */
    private void add(AddedToken token) {
        Integer known = ids.get(token.content());
        if (known != null && addedById.containsKey(known)) {
            return;
        }
        int last = addedById.keySet().stream().max(Integer::compare).orElse(-1);
        int id = known != null ? known : Math.max(last + 1, vocabularySize);
        addedById.put(id, token);
        name(token.content(), id);
        root.withArray("/added_tokens").add(node(id, token));
    }

    static ObjectNode node(int id, AddedToken token) {
        return TokenizerJson.object()
                .put("id", id)
                .put("content", token.content())
                .put("single_word", token.singleWord())
                .put("lstrip", token.leftStrip())
                .put("rstrip", token.rightStrip())
                .put("normalized", token.normalized())
                .put("special", token.special());
    }

    private void rewrite(ObjectNode config, String tokenizerClass) {
        if (tokenizerClass.equals("LlamaTokenizer") || tokenizerClass.equals("CodeLlamaTokenizer")) {
            root.set("post_processor", llamaTemplate(config));
        }
        if (BYTE_LEVEL_CLASSES.contains(tokenizerClass)
                && root.path("pre_tokenizer") instanceof ObjectNode preTokenizer
                && preTokenizer.has("add_prefix_space")) {
            preTokenizer.put("add_prefix_space", TokenizerJson.bool(config, "add_prefix_space", false));
        }
        if (BERT_CLASSES.contains(tokenizerClass)
                && root.path("normalizer") instanceof ObjectNode normalizer
                && normalizer.has("lowercase")) {
            normalizer.put("lowercase", TokenizerJson.bool(config, "do_lower_case", true));
            normalizer.put("handle_chinese_chars", TokenizerJson.bool(config, "tokenize_chinese_chars", true));
            normalizer.set(
                    "strip_accents", config.path("strip_accents").isBoolean() ? config.get("strip_accents") : null);
        }
    }

    /** The template that {@code LlamaTokenizerFast.update_post_processor} sets. */
    private ObjectNode llamaTemplate(ObjectNode config) {
        AddedToken bos = TokenizerJson.bool(config, "add_bos_token", true) ? role("bos_token") : null;
        AddedToken eos = TokenizerJson.bool(config, "add_eos_token", false) ? role("eos_token") : null;
        ObjectNode template = TokenizerJson.object().put("type", "TemplateProcessing");
        ObjectNode tokens = TokenizerJson.object();
        ArrayNode single = template.putArray("single");
        ArrayNode pair = template.putArray("pair");
        for (int type = 0; type < 2; type++) {
            for (ArrayNode target : type == 0 ? new ArrayNode[] {single, pair} : new ArrayNode[] {pair}) {
                if (bos != null) {
                    template(target, "SpecialToken", bos.content(), type);
                }
                template(target, "Sequence", type == 0 ? "A" : "B", type);
                if (eos != null) {
                    template(target, "SpecialToken", eos.content(), type);
                }
            }
        }
        for (AddedToken token : new AddedToken[] {bos, eos}) {
            if (token != null) {
                ObjectNode entry = tokens.putObject(token.content()).put("id", token.content());
                entry.putArray("ids").add(ids.get(token.content()));
                entry.putArray("tokens").add(token.content());
            }
        }
        template.set("special_tokens", tokens);
        return template;
    }

    private static void template(ArrayNode target, String kind, String id, int type) {
        target.addObject().putObject(kind).put("id", id).put("type_id", type);
    }

    private AddedToken role(String role) {
        AddedToken token = special.roles().get(role);
        if (token == null) {
            throw new InvalidModelException("tokenizer configuration: " + role
                    + " is to be added to every text, but is not set; set it or turn the flag off");
        }
        return token;
    }
}
