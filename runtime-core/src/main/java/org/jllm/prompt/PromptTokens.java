package org.jllm.prompt;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jllm.tokenizer.Tokenizer;

/**
 * The special tokens that a template may write and a message may not.
 *
 * @param byRole role ({@code bos_token}, {@code eos_token}, …) to the token's text
 * @param special the texts of all special tokens
 */
public record PromptTokens(Map<String, String> byRole, Set<String> special) {
    public PromptTokens {
        byRole = Map.copyOf(byRole);
        Set<String> all = new HashSet<>(special);
        all.addAll(byRole.values());
        special = Set.copyOf(all);
    }

    /** The special tokens of a tokenizer. */
    public static PromptTokens of(Tokenizer tokenizer) {
        Set<String> special = new HashSet<>();
        tokenizer.specialTokens().ids().forEach(id -> special.add(tokenizer.token(id)));
        return new PromptTokens(tokenizer.specialTokens().byRole(), special);
    }

    /** The token of a role, or nothing. */
    String role(String role) {
        return byRole.getOrDefault(role, "");
    }
}
