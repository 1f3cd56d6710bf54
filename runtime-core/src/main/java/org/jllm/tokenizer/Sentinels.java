package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;

/** The sentinels {@code <extra_id_N>} of {@code T5Tokenizer}, whose ids count down from the end. */
final class Sentinels {
    private static final int DEFAULT = 100;
    private static final int MOST = 100_000;
    private static final String PREFIX = "<extra_id_";

    private Sentinels() {}

    /** @param pieces of the model */
    static AddedTokens addTo(AddedTokens added, ObjectNode config, int pieces) {
        int count = count(config);
        List<String> given = added.additional().stream()
                .map(AddedToken::content)
                .filter(name -> name.contains(PREFIX))
                .toList();
        boolean listed = config.path("additional_special_tokens").isArray();
        if (listed && count > 0 && !given.isEmpty() && given.size() != count) {
            throw new InvalidModelException("tokenizer configuration: extra_ids is " + count
                    + ", but additional_special_tokens lists " + given.size() + " of " + PREFIX + "N>");
        }
        // Where other tokens are listed but no sentinels, these get their ids like any added token.
        int numbered = listed ? given.size() : count;
        Map<Integer, AddedToken> byId = new LinkedHashMap<>();
        for (int i = 0; i < numbered; i++) {
            int id = pieces - 1 + count - i;
            if (id >= 0) {
                byId.put(id, new AddedToken(PREFIX + i + ">", true, true, false, false, true));
            }
        }
        List<AddedToken> own = new ArrayList<>();
        for (int i = 0; given.isEmpty() && i < count; i++) {
            own.add(AddedToken.special(PREFIX + i + ">"));
        }
        return added.with(byId, own);
    }

    private static int count(ObjectNode config) {
        JsonNode count = config.path("extra_ids");
        if (count.isMissingNode() || count.isNull()) {
            return DEFAULT;
        }
        if (!count.isInt() || count.intValue() < 0 || count.intValue() > MOST) {
            throw new InvalidModelException(
                    "tokenizer configuration: extra_ids is " + count + ", not a number from 0 to " + MOST);
        }
        return count.intValue();
    }
}
