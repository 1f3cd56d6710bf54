package org.jllm.gguf.file;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.api.InvalidModelException;

/** What llama.cpp asserts of a vocabulary, aborting the process otherwise: that no two tokens are the same. */
final class VocabularyCheck {
    private static final Set<String> NO_VOCABULARY = Set.of("none", "no_vocab");

    private VocabularyCheck() {}

    static void check(GgufFile file) {
        Optional<GgufTexts> tokens = file.metadata().texts(GgufFile.TOKENS);
        if (tokens.isEmpty()
                || file.tokenizerModel().map(NO_VOCABULARY::contains).orElse(true)) {
            return;
        }
        Map<GgufText, Integer> ids = new HashMap<>(tokens.get().size() * 2);
        for (int id = 0; id < tokens.get().size(); id++) {
            Integer other = ids.putIfAbsent(asLlamaReads(tokens.get().get(id), id), id);
            if (other != null) {
                throw new InvalidModelException(file.files().get(0) + ": " + GgufFile.TOKENS + " has "
                        + Quoted.of(tokens.get().get(id).toString()) + " as token " + other + " and as token " + id);
            }
        }
    }

    /** A token ends at a NUL, and an empty one gets a name. */
    private static GgufText asLlamaReads(GgufText token, int id) {
        byte[] bytes = token.bytes();
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return end == 0 ? GgufText.of("[EMPTY_" + id + "]") : GgufText.wrap(Arrays.copyOf(bytes, end));
    }
}
