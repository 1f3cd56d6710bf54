package org.jllm.tokenizer;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The special tokens of a tokenizer.
 *
 * @param byRole role ({@code bos_token}, {@code eos_token}, {@code unk_token}, {@code pad_token}, …) to the token's text
 * @param ids of all special tokens, those without a role too
 */
public record SpecialTokens(OptionalInt bos, OptionalInt eos, Map<String, String> byRole, Set<Integer> ids) {
    public SpecialTokens {
        byRole = Map.copyOf(byRole);
        ids = Set.copyOf(ids);
    }
}
