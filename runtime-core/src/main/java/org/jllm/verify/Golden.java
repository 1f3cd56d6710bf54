package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;

/** Reads values of a {@code golden.json}. */
final class Golden {
    private Golden() {}

    static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.path(i).intValue())
                .toArray();
    }
}
