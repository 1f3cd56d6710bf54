package org.jllm.prompt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt template as {@code templates.yaml} declares it; the file explains each key.
 *
 * @param system what a system message becomes; null where the form has no place for one
 * @param withInput the user's turn with something that the question is about; null where the form has no place for it
 * @param assistant an answer of the model that another question follows; null where the form is for one question
 * @param lineFeed what a line feed is written as; null for itself
 */
record TemplateForm(
        String name,
        @Nullable TemplateText system,
        boolean systemInQuestion,
        @Nullable String defaultSystem,
        SystemMessage systemMessage,
        TemplateText user,
        @Nullable TemplateText withInput,
        @Nullable TemplateText assistant,
        boolean trim,
        @Nullable String lineFeed,
        boolean addSpecialTokens,
        List<String> stop,
        List<TemplateArgument> arguments) {
    /** What becomes of the user's own system message. */
    enum SystemMessage {
        TAKEN,
        FIXED,
        REFUSED
    }

    TemplateForm {
        stop = List.copyOf(stop);
        arguments = List.copyOf(arguments);
    }

    boolean severalTurns() {
        return assistant != null;
    }
}
