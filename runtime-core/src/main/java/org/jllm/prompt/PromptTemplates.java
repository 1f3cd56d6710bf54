package org.jllm.prompt;

import java.nio.file.Path;
import java.util.Optional;
import org.jllm.tokenizer.SpecialTokens;

/** Finds prompt templates. */
public final class PromptTemplates {
    private PromptTemplates() {}

    public static Optional<PromptTemplate> find(Path folder, SpecialTokens specialTokens) {
        return Optional.empty();
    }

    public static PromptTemplate byName(String name) {
        throw new org.jllm.api.InvalidSettingException("unknown prompt template " + name);
    }
}
