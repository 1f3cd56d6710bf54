package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;
import org.jllm.api.InvalidModelException;

/** Reads values of a {@code golden.json}. */
final class Golden {
    private Golden() {}

    /** A list of numbers; what is none of them is 0. */
    static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.path(i).intValue())
                .toArray();
    }

    /** Token ids that a model takes: at least one, none outside its vocabulary, no more than its context holds. */
    static int[] prompt(JsonNode array, int vocabularySize, int contextLength) {
        if (array.isEmpty() || array.size() > contextLength) {
            throw new InvalidModelException(Verifier.FILE + ": a prompt has " + array.size()
                    + " ids, but the model takes 1 to " + contextLength);
        }
        for (JsonNode id : array) {
            if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabularySize) {
                throw new InvalidModelException(
                        Verifier.FILE + ": " + id + " is no id of a vocabulary of " + vocabularySize);
            }
        }
        return ints(array);
    }

    /** A whole number from 0 to {@code most}. */
    static int count(JsonNode object, String key, int most) {
        JsonNode value = object.path(key);
        if (!value.isInt() || value.intValue() < 0 || value.intValue() > most) {
            throw new InvalidModelException(
                    Verifier.FILE + ": " + key + " must be a whole number from 0 to " + most + ", not " + value);
        }
        return value.intValue();
    }
}
