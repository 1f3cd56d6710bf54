package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jllm.api.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code models.schema.json}, by which editors check what the reader reads. */
class CatalogueSchemaTest {
    private static final Path MODELS = Path.of("..", "models.yaml");
    private static final Path SCHEMA = Path.of("..", "models.schema.json");

    private final JsonNode json;
    private final Schema schema;

    CatalogueSchemaTest() throws IOException {
        json = new ObjectMapper().readTree(SCHEMA.toFile());
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(json);
    }

    private List<Error> errors(String yaml) {
        return schema.validate(YamlAsJson.of(YamlNode.parse(yaml, "x").orElseThrow()));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private Set<String> properties(String definition) {
        return names(json.path("$defs").path(definition).path("properties"));
    }

    @Test
    void everyEntryOfTheCatalogueFollowsIt() {
        assertThat(schema.validate(YamlAsJson.of(YamlNode.read(MODELS).orElseThrow())))
                .isEmpty();
    }

    @Test
    void itsKeysAreThoseOfTheReader() {
        assertThat(names(json.path("properties"))).isEqualTo(CatalogueKeys.ROOT);
        assertThat(properties("family")).isEqualTo(CatalogueKeys.FAMILY);
        assertThat(properties("model")).isEqualTo(CatalogueKeys.MODEL);
        assertThat(properties("license")).isEqualTo(CatalogueKeys.LICENSE);
        assertThat(properties("template")).isEqualTo(CatalogueKeys.TEMPLATE);
        assertThat(properties("generation")).isEqualTo(SettingKey.keys(SettingKey.Group.GENERATION));
        assertThat(properties("load")).isEqualTo(SettingKey.keys(SettingKey.Group.LOAD));
    }

    @Test
    void itsWordsAreThoseOfTheReader() {
        JsonNode keys = json.path("$defs").path("keys").path("$defs");
        assertThat(words(keys.path("tasks").path("items"))).isEqualTo(Set.copyOf(Task.keys()));
        assertThat(words(keys.path("pooling"))).isEqualTo(keys(Pooling.values(), Pooling::key));
        assertThat(words(keys.path("format"))).isEqualTo(keys(WeightFormat.values(), WeightFormat::key));
        assertThat(words(keys.path("confidence")))
                .isEqualTo(keys(Provenance.Confidence.values(), Provenance.Confidence::key));
        assertThat(words(json.path("$defs").path("license").path("properties").path("commercial")))
                .isEqualTo(keys(License.Commercial.values(), License.Commercial::key));
        assertThat(words(keys.path("loader")))
                .allMatch(word -> SettingType.ENGINE.parse(word).isPresent());
    }

    private static Set<String> words(JsonNode definition) {
        List<String> words = new ArrayList<>();
        definition.path("enum").forEach(word -> words.add(word.textValue()));
        assertThat(words).isNotEmpty();
        return Set.copyOf(words);
    }

    private static <T> Set<String> keys(T[] values, Function<T, String> key) {
        return Set.copyOf(Arrays.stream(values).map(key).toList());
    }

    private static String model(String fields) {
        return "families:\n  - {family: f, section: s, developer: d, size: 1b, architecture: llama, tasks: [chat],"
                + " license: l, models: [{" + fields + "}]}\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id: a/b",
                "id: a/b, template: {name: plain, override: true}",
                "id: a/b, license: {name: MIT, commercial: no}, gated: true",
                "id: a, path: folder, gguf: a.gguf, requires: [jumanpp]",
                "id: a, weights: elsewhere, where: there",
                "id: a/b, generation: {top_p: 0.5, stop: x}, load: {cache_bytes: 4GiB}",
            })
    void takesWhatTheReaderTakes(String fields) {
        assertThat(errors(model(fields))).isEmpty();
        assertThat(Catalogue.parse(model(fields), "x").entries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "size: 1b",
                "id: a/b, sice: 1b",
                "id: a/b, size: large",
                "id: a/b, tasks: [talk]",
                "id: a/b, tasks: []",
                "id: a/b, loader: torch",
                "id: a/b, gated: yes",
                "id: a/b, context: 0",
                "id: a/b, pooling: max",
                "id: a/b, weights: gone",
                "id: a/b, format: zip",
                "id: a/b, confidence: certain",
                "id: a/b, adapter_base: llama",
                "id: a/b, template: {override: true}",
                "id: a/b, license: {name: MIT, commercial: maybe}",
                "id: a/b, generation: {top_p: 2}",
                "id: a/b, generation: {top-p: 1}",
                "id: a/b, note: ''",
            })
    void refusesWhatTheReaderRefuses(String fields) {
        assertThat(errors(model(fields))).isNotEmpty();
        assertThatThrownBy(() -> Catalogue.parse(model(fields), "x")).isInstanceOf(InvalidSettingException.class);
    }
}
