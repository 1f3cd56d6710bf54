package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jllm.tokenizer.Detokenizer;
import org.jllm.tokenizer.EncodedPair;
import org.jllm.tokenizer.PythonText;
import org.jllm.tokenizer.Tokenizer;

/** Compares a tokenizer with one {@code golden.json}. */
final class TokenizerCheck {
    private static final int SHOWN = 10;

    private final Tokenizer tokenizer;
    private final JsonNode golden;
    private final List<String> problems = new ArrayList<>();

    TokenizerCheck(Tokenizer tokenizer, JsonNode golden) {
        this.tokenizer = tokenizer;
        this.golden = golden;
    }

    TokenizerVerification run(String name) {
        checkVocabulary();
        int samples = 0;
        int wrong = 0;
        for (JsonNode sample : golden.path("samples")) {
            samples++;
            int before = problems.size();
            checkSample(sample);
            wrong += problems.size() > before ? 1 : 0;
        }
        for (JsonNode pair : golden.path("pairs")) {
            samples++;
            int before = problems.size();
            checkPair(pair);
            wrong += problems.size() > before ? 1 : 0;
        }
        return new TokenizerVerification(
                name, samples, wrong, problems.subList(0, Math.min(SHOWN, problems.size())), null);
    }

    private void checkVocabulary() {
        if (golden.has("vocab_size")) {
            compare("vocab_size", golden.get("vocab_size").asInt(), tokenizer.vocabularySize());
        }
        if (golden.has("length")) {
            compare("length", golden.get("length").asInt(), tokenizer.length());
        }
        golden.path("special_ids").properties().forEach(entry -> {
            String token = tokenizer.specialTokens().byRole().get(entry.getKey());
            OptionalInt id = token == null ? OptionalInt.empty() : tokenizer.id(token);
            compare(entry.getKey(), OptionalInt.of(entry.getValue().asInt()), id);
        });
        for (JsonNode token : golden.path("added_tokens")) {
            String content = token.path("content").asText();
            compare(
                    "id of the added token " + content,
                    OptionalInt.of(token.path("id").asInt()),
                    tokenizer.id(content));
        }
    }

    private void checkSample(JsonNode sample) {
        String text = sample.path("text").asText();
        String what = quote(text);
        compare(
                what + " without special tokens",
                ints(sample.path("ids_without_special")),
                boxed(tokenizer.encode(text, false)));
        if (!sample.has("ids")) {
            return;
        }
        int[] ids = tokenizer.encode(text, true);
        compare(what, ints(sample.path("ids")), boxed(ids));
        int[] expected = ints(sample.path("ids")).stream().mapToInt(i -> i).toArray();
        if (sample.has("tokens")) {
            List<String> tokens = new ArrayList<>();
            sample.get("tokens").forEach(token -> tokens.add(token.asText()));
            compare(
                    what + " as tokens",
                    tokens,
                    Arrays.stream(expected).mapToObj(tokenizer::token).toList());
        }
        String decoded = tokenizer.decode(expected, true);
        compare(what + " decoded", sample.path("decoded").asText(), decoded);
        int length = 0;
        for (JsonNode each : sample.path("decoded_each")) {
            length++;
            String prefix = tokenizer.decode(Arrays.copyOf(expected, length), true);
            compare(what + " decoded, " + length + " ids", each.asText(), prefix);
            checkStream(what, Arrays.copyOf(expected, length), prefix);
        }
        checkStream(what, expected, decoded);
        if (sample.has("decoded_joined")) {
            // Here the reference strips nothing.
            String joined = sample.get("decoded_joined").asText();
            compare(what + " with its bytes joined", withoutSpace(joined), withoutSpace(stream(expected)));
        }
    }

    private static String withoutSpace(String text) {
        return text.codePoints()
                .filter(c -> !PythonText.isSpace(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** What the ids give one after another, and what is left at the end, is the decoded text. */
    private void checkStream(String what, int[] ids, String decoded) {
        if (decoded.indexOf('\uFFFD') >= 0) {
            return;
        }
        compare(what + " token by token", decoded, stream(ids));
    }

    private String stream(int[] ids) {
        Detokenizer detokenizer = tokenizer.detokenizer(true);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(detokenizer.next(id));
        }
        return text.append(detokenizer.finish()).toString();
    }

    private void checkPair(JsonNode pair) {
        String first = pair.path("text").asText();
        String second = pair.path("pair").asText();
        EncodedPair encoded = tokenizer.encodePair(first, second);
        String what = "pair " + quote(first) + ", " + quote(second);
        compare(what, ints(pair.path("ids")), boxed(encoded.ids()));
        if (pair.has("token_type_ids")) {
            compare(what + " token types", ints(pair.get("token_type_ids")), boxed(encoded.typeIds()));
        }
    }

    private void compare(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            problems.add(what + ": " + show(actual) + " instead of " + show(expected));
        }
    }

    private static String show(Object value) {
        return value instanceof String text ? quote(text) : shorten(value.toString());
    }

    private static List<Integer> ints(JsonNode array) {
        List<Integer> values = new ArrayList<>(array.size());
        array.forEach(value -> values.add(value.asInt()));
        return values;
    }

    private static List<Integer> boxed(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static String quote(String text) {
        return "\"" + shorten(text.replaceAll("\\p{Cntrl}", " ")) + "\"";
    }

    private static String shorten(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
