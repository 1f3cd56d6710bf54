package org.jllm.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jllm.api.InvalidRequestException;

/** The forms of {@code templates.yaml} by name. */
final class DeclaredTemplates {
    private static final String FILE = "/org/jllm/templates.yaml";

    private DeclaredTemplates() {}

    private static final class Holder {
        static final Map<String, TemplateForm> FORMS = TemplateReader.read(text(), "templates.yaml");

        private static String text() {
            try (InputStream in = DeclaredTemplates.class.getResourceAsStream(FILE)) {
                return new String(Objects.requireNonNull(in, FILE).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** All forms, in the order of the file. */
    static Map<String, TemplateForm> forms() {
        return Holder.FORMS;
    }

    /**
     * The template that was asked for: {@code NAME} or {@code NAME,ARGUMENT=VALUE,…}; empty if there is none of this name.
     *
     * @throws InvalidRequestException if it does not take the arguments
     */
    static Optional<PromptTemplate> find(String asked, PromptTokens tokens) {
        List<String> parts = Arrays.asList(asked.split(",", -1));
        TemplateForm form = forms().get(parts.get(0));
        return form == null
                ? Optional.empty()
                : Optional.of(
                        new DeclaredTemplate(form, asked, arguments(form, parts.subList(1, parts.size())), tokens));
    }

    private static Map<String, Integer> arguments(TemplateForm form, List<String> given) {
        Map<String, Integer> values = new LinkedHashMap<>();
        form.arguments().forEach(argument -> values.put(argument.name(), argument.usual()));
        for (String each : given) {
            int equals = each.indexOf('=');
            String name = equals < 0 ? each : each.substring(0, equals);
            TemplateArgument argument = form.arguments().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(form, name));
            values.put(name, argument.parse(equals < 0 ? "" : each.substring(equals + 1)));
        }
        return values;
    }

    private static InvalidRequestException unknown(TemplateForm form, String name) {
        List<String> known = new ArrayList<>();
        form.arguments().forEach(argument -> known.add(argument.name()));
        return new InvalidRequestException("the prompt template " + form.name() + " has no argument '" + name + "'; "
                + (known.isEmpty() ? "it takes none" : "it takes " + String.join(", ", known)));
    }
}
