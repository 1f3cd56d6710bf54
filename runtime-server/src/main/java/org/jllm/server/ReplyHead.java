package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of a reply share.
 *
 * @param created seconds since 1970
 * @param noUsage the usage in the parts that have none: null in JSON where usage was asked for, else the field is absent
 */
record ReplyHead(
        String id, long created, String model, @Nullable JsonNode noUsage) {
    static ReplyHead of(String prefix, String model, boolean includeUsage) {
        String id = prefix + UUID.randomUUID().toString().replace("-", "");
        return new ReplyHead(id, Instant.now().getEpochSecond(), model, includeUsage ? NullNode.getInstance() : null);
    }
}
