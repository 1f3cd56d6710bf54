package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;
import java.util.Optional;

/** Collects how far computed values are from the expected ones: the largest difference and the first failure. */
final class Differences {
    private final double tolerance;
    private double largest;
    private Optional<String> failure = Optional.empty();

    Differences(double tolerance) {
        this.tolerance = tolerance;
    }

    double largest() {
        return largest;
    }

    double tolerance() {
        return tolerance;
    }

    /** What did not fit first, in words. */
    Optional<String> failure() {
        return failure;
    }

    /** Every number within the tolerance. */
    void numbers(String what, JsonNode expected, float[] actual) {
        if (!expected.isArray() || expected.size() != actual.length) {
            fail(what + ": " + actual.length + " numbers, expected " + expected.size());
            return;
        }
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs(expected.path(i).doubleValue() - actual[i]);
            // Written so that NaN fails.
            if (!(difference <= largest)) {
                largest = difference;
            }
            if (!(difference <= tolerance)) {
                fail(what + "[" + i + "] is " + actual[i] + ", expected "
                        + expected.path(i).doubleValue());
            }
        }
    }

    /** As many rows as expected. */
    void count(String what, int expected, int actual) {
        if (expected != actual) {
            fail(what + ": " + actual + " rows, expected " + expected);
        }
    }

    /** Ids all equal. */
    void ids(String what, JsonNode expected, int[] actual) {
        if (!Arrays.equals(Golden.ints(expected), actual)) {
            fail(what + " are " + Arrays.toString(actual) + ", expected " + expected);
        }
    }

    /**
     * The best ids with their log-probabilities, best first. An id counts only where its neighbours' log-probabilities
     * differ by more than the tolerance.
     */
    void top(String what, JsonNode expected, float[] logProbabilities) {
        Integer[] order = new Integer[logProbabilities.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(logProbabilities[b], logProbabilities[a]));
        float[] best = new float[expected.size()];
        for (int i = 0; i < best.length; i++) {
            best[i] = logProbabilities[order[i]];
        }
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        expected.forEach(pair -> values.add(pair.path(1)));
        numbers(what, values, best);
        for (int i = 0; i < best.length; i++) {
            double here = expected.path(i).path(1).doubleValue();
            boolean apart = (i == 0 || expected.path(i - 1).path(1).doubleValue() - here > tolerance)
                    && (i + 1 == order.length
                            || here
                                            - (i + 1 == best.length
                                                    ? logProbabilities[order[i + 1]]
                                                    : expected.path(i + 1)
                                                            .path(1)
                                                            .doubleValue())
                                    > tolerance);
            if (apart && order[i] != expected.path(i).path(0).intValue()) {
                fail(what + "[" + i + "] is id " + order[i] + ", expected "
                        + expected.path(i).path(0));
            }
        }
    }

    private void fail(String message) {
        if (failure.isEmpty()) {
            failure = Optional.of(message);
        }
    }
}
