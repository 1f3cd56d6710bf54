package org.jllm.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidSettingException;
import org.jllm.catalogue.YamlNode;
import org.jllm.prompt.TemplateForm.SystemMessage;
import org.jspecify.annotations.Nullable;

/** Reads the declarations of prompt templates; what is not as it explains itself is an error that names its line. */
final class TemplateReader {
    private static final Set<String> KEYS = Set.of(
            "name",
            "like",
            "system",
            "system_in",
            "default_system",
            "system_message",
            "user",
            "with_input",
            "assistant",
            "trim",
            "line_feed",
            "add_special_tokens",
            "stop",
            "arguments");

    private TemplateReader() {}

    /**
     * The forms by name, in the order of the text.
     *
     * @throws InvalidSettingException if a key is unknown, missing or does not fit the others
     */
    static Map<String, TemplateForm> read(String text, String file) {
        YamlNode root = YamlNode.parse(text, file)
                .orElseThrow(() -> new InvalidSettingException(file + " declares no templates"));
        YamlNode list = root.fields("the file", Set.of("templates")).get("templates");
        if (list == null) {
            throw root.error("there is no list of templates");
        }
        Map<String, Map<String, YamlNode>> declared = new HashMap<>();
        Map<String, TemplateForm> forms = new LinkedHashMap<>();
        for (YamlNode node : list.list("templates")) {
            Map<String, YamlNode> own = node.fields("a template", KEYS);
            Map<String, YamlNode> fields = new HashMap<>(inherited(own.get("like"), declared));
            fields.putAll(own);
            String name = required(node, fields, "name").string("name");
            if (declared.put(name, fields) != null) {
                throw node.error("the template " + name + " stands twice");
            }
            forms.put(name, form(node, name, fields));
        }
        return forms;
    }

    private static Map<String, YamlNode> inherited(
            @Nullable YamlNode like, Map<String, Map<String, YamlNode>> declared) {
        if (like == null) {
            return Map.of();
        }
        Map<String, YamlNode> other = declared.get(like.string("like"));
        if (other == null) {
            throw like.error("like must name a template that stands above");
        }
        return other;
    }

    private static TemplateForm form(YamlNode node, String name, Map<String, YamlNode> fields) {
        List<TemplateArgument> arguments = arguments(fields.get("arguments"));
        Set<String> common = new HashSet<>(Set.of("bos", "eos"));
        arguments.forEach(argument -> common.add(argument.name()));
        TemplateText system = text(fields, "system", common, "system");
        TemplateText user = text(fields, "user", common, "content");
        if (user == null) {
            throw node.error("a template needs the key user");
        }
        TemplateForm form = new TemplateForm(
                name,
                system,
                choice(fields, "system_in", "prompt", "question").equals("question"),
                string(fields, "default_system"),
                SystemMessage.valueOf(choice(fields, "system_message", "taken", "fixed", "refused")
                        .toUpperCase(Locale.ROOT)),
                user,
                text(fields, "with_input", common, "content", "input"),
                text(fields, "assistant", common, "content"),
                choice(fields, "trim", "false", "true").equals("true"),
                string(fields, "line_feed"),
                choice(fields, "add_special_tokens", "true", "false").equals("true"),
                fields.containsKey("stop") ? fields.get("stop").strings("stop") : List.of(),
                arguments);
        boolean place = system != null && system.has("system");
        if (place != (form.systemMessage() == SystemMessage.TAKEN)) {
            throw node.error("a system message is taken where system has {system}, and else fixed or refused");
        }
        return form;
    }

    private static List<TemplateArgument> arguments(@Nullable YamlNode list) {
        List<TemplateArgument> arguments = new ArrayList<>();
        if (list != null) {
            for (YamlNode node : list.list("arguments")) {
                Map<String, YamlNode> fields = node.fields("an argument", Set.of("name", "default", "least", "most"));
                arguments.add(new TemplateArgument(
                        required(node, fields, "name").string("name"),
                        integer(node, fields, "default"),
                        integer(node, fields, "least"),
                        integer(node, fields, "most")));
            }
        }
        return arguments;
    }

    private static int integer(YamlNode node, Map<String, YamlNode> fields, String key) {
        YamlNode value = required(node, fields, key);
        try {
            return Integer.parseInt(value.scalar(key, "a whole number"));
        } catch (NumberFormatException e) {
            throw value.error(key + " must be a whole number");
        }
    }

    private static YamlNode required(YamlNode node, Map<String, YamlNode> fields, String key) {
        YamlNode value = fields.get(key);
        if (value == null) {
            throw node.error("the key " + key + " is missing");
        }
        return value;
    }

    private static @Nullable TemplateText text(
            Map<String, YamlNode> fields, String key, Set<String> common, String... places) {
        Set<String> known = new HashSet<>(common);
        known.addAll(List.of(places));
        YamlNode node = fields.get(key);
        return node == null ? null : TemplateText.of(node, key, known);
    }

    private static @Nullable String string(Map<String, YamlNode> fields, String key) {
        YamlNode node = fields.get(key);
        return node == null ? null : node.string(key);
    }

    /** One of some words; the first where nothing is said. */
    private static String choice(Map<String, YamlNode> fields, String key, String... words) {
        YamlNode node = fields.get(key);
        if (node == null) {
            return words[0];
        }
        String value = node.scalar(key, String.join(" or ", words));
        if (!Arrays.asList(words).contains(value)) {
            throw node.error(key + " must be " + String.join(" or ", words) + ", not " + value);
        }
        return value;
    }
}
