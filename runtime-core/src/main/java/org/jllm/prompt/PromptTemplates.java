package org.jllm.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.checkpoint.StrictJson;
import org.jspecify.annotations.Nullable;

/** Finds prompt templates: in a repository's files, or by name. */
public final class PromptTemplates {
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String KEY = "chat_template";
    private static final long MOST_BYTES = 64 << 20;

    private PromptTemplates() {}

    /**
     * The chat template of a repository: {@code chat_template.jinja}, else {@code chat_template} of
     * {@code tokenizer_config.json} (of several the one named {@code default}), else {@code chat_template.json}. Special
     * tokens that {@code tokens} has no role for are taken from {@code tokenizer_config.json}.
     *
     * @throws InvalidModelException if a file cannot be read, is not JSON or the template is not Jinja
     */
    public static Optional<PromptTemplate> find(Path folder, PromptTokens tokens) {
        Path config = folder.resolve(TOKENIZER_CONFIG);
        JsonNode settings = StrictJson.objectOrEmpty(config);
        PromptTokens all = complete(tokens, settings);
        Path alone = folder.resolve("chat_template.jinja");
        if (Files.exists(alone)) {
            return Optional.of(ChatTemplate.parse(text(alone), alone.toString(), all));
        }
        for (Path file : List.of(config, folder.resolve("chat_template.json"))) {
            String template = template(file.equals(config) ? settings : StrictJson.objectOrEmpty(file), file);
            if (template != null) {
                return Optional.of(ChatTemplate.parse(template, file.toString(), all));
            }
        }
        return Optional.empty();
    }

    /**
     * The template in a file of Jinja.
     *
     * @throws InvalidModelException if it cannot be read or is not Jinja
     */
    public static PromptTemplate ofFile(Path file, PromptTokens tokens) {
        return ChatTemplate.parse(text(file), file.toString(), tokens);
    }

    /**
     * A form that does not come from the model's files.
     *
     * @param name of the form, and its arguments: {@code NAME,ARGUMENT=VALUE,…}
     * @throws InvalidRequestException if there is none of this name, or it does not take the arguments
     */
    public static PromptTemplate byName(String name, PromptTokens tokens) {
        if (name.equals(PlainTemplate.NAME)) {
            return PlainTemplate.of(tokens);
        }
        return DeclaredTemplates.find(name, tokens)
                .orElseThrow(() -> new InvalidRequestException("there is no prompt template '" + name
                        + "'; the known ones are " + String.join(", ", names()) + ", or a file with a Jinja template"));
    }

    /** The names that {@link #byName} knows, sorted. */
    public static List<String> names() {
        Set<String> names = new TreeSet<>(DeclaredTemplates.forms().keySet());
        names.add(PlainTemplate.NAME);
        return List.copyOf(names);
    }

    private static PromptTokens complete(PromptTokens tokens, JsonNode settings) {
        Map<String, String> roles = new HashMap<>();
        settings.properties().forEach(entry -> {
            JsonNode token = entry.getValue().isObject() ? entry.getValue().path("content") : entry.getValue();
            if (entry.getKey().endsWith("_token") && token.isTextual()) {
                roles.put(entry.getKey(), token.textValue());
            }
        });
        roles.putAll(tokens.byRole());
        return new PromptTokens(roles, tokens.special());
    }

    private static @Nullable String template(JsonNode settings, Path file) {
        JsonNode template = settings.path(KEY);
        if (template.isMissingNode() || template.isNull()) {
            return null;
        } else if (template.isTextual()) {
            return template.textValue();
        } else if (!template.isArray()) {
            throw new InvalidModelException(file + ": " + KEY + " must be a string or a list of {name, template}, not "
                    + template.getNodeType());
        }
        List<String> names = new ArrayList<>();
        for (JsonNode each : template) {
            names.add(each.path("name").asText());
            if (each.path("name").asText().equals("default")
                    && each.path("template").isTextual()) {
                return each.path("template").textValue();
            }
        }
        throw new InvalidModelException(file + ": " + KEY + " has no template named default, only " + names
                + "; give one with --chat-template");
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new InvalidModelException(file + " has more than " + MOST_BYTES
                        + " bytes, which is no template; download the model again");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read as UTF-8 text: " + e.getMessage(), e);
        }
    }
}
