package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.jllm.api.InvalidSettingException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedCatalogueTest {
    /** Line 1 to 10 are sound; a case adds keys of a family from line 11 or a model. */
    private static final String FAMILY = """
            families:
              - family: f
                section: s
                developer: d
                size: 1b
                architecture: llama
                loader: transformers
                tasks: [chat]
                license: MIT
            """;

    private static Arguments family(String line, String message) {
        return Arguments.of(FAMILY + "    models: [{id: a/b}]\n    " + line + "\n", "c.yaml:11: " + message);
    }

    private static Arguments model(String fields, String message) {
        return Arguments.of(FAMILY + "    models:\n      - {" + fields + "}\n", "c.yaml:11: " + message);
    }

    private static Arguments whole(String yaml, String message) {
        return Arguments.of(yaml, message);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                whole("families: [", "c.yaml:1: not YAML: "),
                whole("families:\n\t- a", "c.yaml:2: not YAML: found character"),
                whole("a: b: c", "c.yaml:1: not YAML: mapping values are not allowed here"),
                whole("families: []\n---\nfamilies: []", "c.yaml:2: not YAML: but found another document"),
                whole("families: *x", "c.yaml:1: not YAML: found undefined alias x"),
                whole("\"families: []", "c.yaml:1: not YAML: found unexpected end of stream"),
                whole("a\u0001b", "c.yaml: not YAML: special characters are not allowed"),
                whole("[".repeat(10_000), "c.yaml: not YAML: Nesting Depth exceeded max 50"),
                whole("- a", "c.yaml:1: the catalogue must be a mapping of keys to values, not a list"),
                whole("hello", "c.yaml:1: the catalogue must be a mapping of keys to values, not 'hello'"),
                whole("famillies: []", "c.yaml:1: unknown key 'famillies' in the catalogue; did you mean families?"),
                whole("? [a]\n: b", "c.yaml:1: a key of the catalogue must be a text, not a list"),
                whole("families: []\nfamilies: []", "c.yaml:2: the key families stands twice in the catalogue"),
                whole("families: {}", "c.yaml:1: families must be a list, not a mapping"),
                whole("families:\n  - 3", "c.yaml:2: a family must be a mapping of keys to values, not '3'"),
                whole("families:\n  - family: f", "c.yaml:2: the key models is missing"),
                whole("families: &f\n  - models: *f\n    family: x", "c.yaml:2: unknown key 'models' in a model; "),
                family("modles: []", "unknown key 'modles' in a family; did you mean models?"),
                family("id: x", "unknown key 'id' in a family; "),
                family(
                        "zzzzzzzz: x",
                        "unknown key 'zzzzzzzz' in a family; known are architecture, confidence, context, "),
                family("<<: {size: 2b}", "a key of a family must be a text, not '<<'"),
                family("family: g", "the key family stands twice in a family"),
                family("context: 4k", "context must be a whole number from 1 to 2147483647, not '4k'"),
                family("context: 0", "context must be a whole number from 1 to 2147483647, not '0'"),
                family("context: 99999999999", "context must be a whole number from 1 to"),
                family("context: '4096'", "context must be a whole number from 1 to"),
                family("context: [1]", "context must be a whole number, not a list"),
                family("template: 5", "template must be a text, not '5'; quote it"),
                family("system: yes", "system must be a text, not 'yes'; quote it"),
                family("generation: 5", "generation must be a mapping of keys to values, not '5'"),
                family("generation: {dtype: auto}", "unknown key 'dtype' in generation; known are frequency_penalty, "),
                family(
                        "generation: {temprature: 0}",
                        "unknown key 'temprature' in generation; did you mean temperature?"),
                family("generation: {temperature: warm}", "temperature must be a number, not 'warm'"),
                family("generation: {temperature: .nan}", "temperature must be a number, not '.nan'"),
                family("generation: {temperature: NaN}", "temperature must be a number, not 'NaN'"),
                family("generation: {temperature: '1'}", "temperature must be a number, without quotes"),
                family("generation: {temperature: ~}", "temperature must be a number, not nothing"),
                family("generation: {temperature: -1}", "temperature must be at least 0 and at most 100, not -1.0"),
                family("generation: {top_p: 1.5}", "top_p must be above 0 and at most 1, not 1.5"),
                family("generation: {top_k: 1.5}", "top_k must be a whole number, not '1.5'"),
                family("generation: {stop: ['a', '']}", "a stop string must not be empty"),
                family("generation: {stop: [a, [b]]}", "each of stop must be a text, not a list"),
                family("load: {threads: 0}", "threads must be at least 1, not 0"),
                family("load: {dtype: int8}", "dtype must be float32, bfloat16, float16 or auto, not 'int8'"),
                family("load: {engine: onxx}", "engine must be transformers, gguf or onnx, not 'onxx'"),
                family("load: {device: gpu}", "device must be cpu, cuda:N, vulkan:N or metal, not 'gpu'"),
                family(
                        "load: {cache_bytes: 4 apples}",
                        "cache_bytes must be a number of bytes such as 4GiB, not '4 app"),
                family("load: {cache_bytes: 0}", "cache_bytes must be at least 1, not 0"),
                model("size: 1b", "the key id is missing"),
                model("id: 5", "id must be a text, not '5'; quote it"),
                model("id: ''", "id must not be empty"),
                model("id: slug", "the model slug needs one of embedded, path, repository"),
                model(
                        "id: slug, path: a, repository: a/b",
                        "the model slug has path and repository; it can have only one"),
                model("id: a/b, aliases: c", "aliases must be a list, not 'c'"),
                model("id: a/b, aliases: [~]", "an alias must be a text, not nothing; quote it"),
                model("id: a/b, aliases: [A/B]", "the id or alias A/B is taken already by a/b, at c.yaml:11"),
                model("id: a/b, loader: torch", "loader must be transformers, gguf or onnx, not 'torch'"),
                model("id: a/b, tasks: []", "tasks must name at least one task"),
                model("id: a/b, license: {nmae: MIT}", "unknown key 'nmae' in license; did you mean name?"),
                model("id: a/b, license: {link: x}", "the key name is missing"),
                model("id: slug, weights: elsewhere", "weights that are elsewhere need the key where"),
                model("id: a/b, weights: local", "weights must be one of hub, elsewhere, none, not 'local'"),
                model(
                        "id: a/b, size: huge",
                        "size must be a number of parameters such as 7b, 1.3b or 110m, not 'huge'"),
                model("id: a/b, tasks: [chta]", "a task must be one of chat, completion, "),
                model("id: a/b, gated: yes", "gated must be true or false, not 'yes'"),
                model(
                        "id: a/b, pooling: [cls]",
                        "pooling must be one of cls, cls-dense, mean, pooler, tokens, not a list"),
                model("id: a/b, adapter_base: llama", "adapter_base must be a repository such as organisation/name"),
                model("id: a/b, tokenizer_repository: x", "tokenizer_repository must be a repository such as"),
                model("id: a/b, gguf: some model", "gguf must be a repository such as organisation/name, not 'some"),
                model("id: a/b, template: {override: true}", "the key name is missing"),
                model("id: a/b, template: {name: x, force: true}", "unknown key 'force' in template; known are"),
                model(
                        "id: a/b, license: {name: x, commercial: perhaps}",
                        "commercial must be one of yes, no, conditional, unknown, not 'perhaps'"),
                model("id: slug, path: \"a\\0b\"", "path is not a path: 'a b'"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void isAnErrorThatNamesTheLine(String yaml, String message) {
        assertThatThrownBy(() -> Catalogue.parse(yaml, "c.yaml"))
                .isInstanceOf(InvalidSettingException.class)
                .message()
                .startsWith(message)
                .hasLineCount(1);
    }
}
