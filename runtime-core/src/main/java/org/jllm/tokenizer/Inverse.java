package org.jllm.tokenizer;

import java.util.HashMap;
import java.util.Map;

/** Turns a vocabulary round. */
final class Inverse {
    private Inverse() {}

    /** Names by id; of several names with one id any. */
    static Map<Integer, String> of(Map<String, Integer> ids) {
        Map<Integer, String> names = new HashMap<>();
        ids.forEach((name, id) -> names.put(id, name));
        return names;
    }
}
