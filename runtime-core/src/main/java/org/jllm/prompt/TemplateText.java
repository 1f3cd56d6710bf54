package org.jllm.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.catalogue.YamlNode;

/** A text with places such as {@code {content}} that a chat fills. */
record TemplateText(List<Part> parts) {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z_]+)}");

    /** Chars of the template, or the name of a place. */
    record Part(String text, boolean place) {}

    TemplateText {
        parts = List.copyOf(parts);
    }

    /** The text of a YAML value, which may hold these places. */
    static TemplateText of(YamlNode node, String what, Set<String> places) {
        String text = node.string(what);
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PLACE.matcher(text);
        int end = 0;
        while (matcher.find()) {
            if (!places.contains(matcher.group(1))) {
                throw node.error(what + " has the unknown place " + matcher.group() + "; known are "
                        + String.join(", ", places.stream().sorted().toList()));
            }
            parts.add(new Part(text.substring(end, matcher.start()), false));
            parts.add(new Part(matcher.group(1), true));
            end = matcher.end();
        }
        parts.add(new Part(text.substring(end), false));
        return new TemplateText(parts);
    }

    boolean has(String place) {
        return parts.contains(new Part(place, true));
    }

    void write(PromptText out, Map<String, PromptText> values) {
        for (Part part : parts) {
            if (part.place()) {
                out.append(values.getOrDefault(part.text(), new PromptText()));
            } else {
                out.template(part.text());
            }
        }
    }
}
