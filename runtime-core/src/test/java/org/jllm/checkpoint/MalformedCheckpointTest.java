package org.jllm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jllm.checkpoint.MalformedSafetensorsTest.assertClear;
import static org.jllm.checkpoint.SafetensorsBytes.entry;
import static org.jllm.checkpoint.SafetensorsBytes.file;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that do not fit together, and folders without a checkpoint. */
class MalformedCheckpointTest {
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    private Path folder;

    /** Two shards: x holds a and b, y holds c. */
    private void shards(String index) throws IOException {
        Files.write(
                folder.resolve("x.safetensors"),
                file("{" + entry("a", "\"I8\"", "[1]", "[0,1]") + "," + entry("b", "\"I8\"", "[1]", "[1,2]") + "}", 2));
        Files.write(folder.resolve("y.safetensors"), file("{" + entry("c", "\"I8\"", "[]", "[0,1]") + "}", 1));
        Files.writeString(folder.resolve(INDEX), index);
    }

    private static String map(String... pairs) {
        StringBuilder json = new StringBuilder("{\"metadata\":{},\"weight_map\":{");
        for (int i = 0; i < pairs.length; i += 2) {
            json.append(i == 0 ? "" : ",").append("\"" + pairs[i] + "\":\"" + pairs[i + 1] + "\"");
        }
        return json + "}}";
    }

    private static Arguments bad(String what, String index, String... parts) {
        return arguments(what, index, List.of(parts));
    }

    static Stream<Arguments> indexes() {
        String x = "x.safetensors";
        String y = "y.safetensors";
        return Stream.of(
                bad("empty", "", "no JSON object"),
                bad("no JSON", "weight_map", "not valid JSON", "weight_map"),
                bad("cut short", map("a", x).substring(0, 40), "not valid JSON"),
                bad("trailing", map("a", x) + "]", "not valid JSON"),
                bad("too deep", "{\"weight_map\":" + "[".repeat(10_000), "not valid JSON", "depth"),
                bad("a list", "[]", "no JSON object"),
                bad("no weight_map", "{\"metadata\":{}}", "weight_map"),
                bad("weight_map a list", "{\"weight_map\":[\"a\"]}", "weight_map"),
                bad("weight_map null", "{\"weight_map\":null}", "weight_map"),
                bad("weight_map empty", map(), "weight_map"),
                bad("a number for a file", "{\"weight_map\":{\"a\":1}}", "1 is no name"),
                bad("null for a file", "{\"weight_map\":{\"a\":null}}", "null is no name"),
                bad("out of the folder", map("a", "../x.safetensors"), "../x.safetensors"),
                bad("in a folder", map("a", "sub/x.safetensors"), "sub/x.safetensors"),
                bad("absolute", map("a", "/tmp/x.safetensors"), "/tmp/x.safetensors"),
                bad("backslash", map("a", "..\\\\x.safetensors"), "..\\\\x.safetensors"),
                bad("drive", map("a", "C:x.safetensors"), "C:x.safetensors"),
                bad("NUL", map("a", "x\\u0000.safetensors"), "x\\u0000.safetensors"),
                bad("line break", map("a", "x\\n.safetensors"), "x\\n.safetensors"),
                bad("no name", map("a", ""), "\"\" is no name"),
                bad("the ending alone", map("a", ".safetensors"), "\".safetensors\" is no name"),
                bad("another format", map("a", "x.bin"), "\"x.bin\" is no name"),
                bad("shard missing", map("a", x, "b", x, "c", "z.safetensors"), "z.safetensors", "does not exist"),
                bad("not in its shard", map("a", x, "b", x, "c", y, "d", y), "tensor 'd'", "y.safetensors"),
                bad("not in the index", map("a", x, "c", y), "tensor 'b'", "x.safetensors", "no file"),
                bad("in another shard", map("a", x, "b", y, "c", y), "tensor 'b'", "x.safetensors", "y.safetensors"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("indexes")
    void isRefused(String what, String index, List<String> parts) throws IOException {
        shards(index);
        InvalidModelException error = catchThrowableOfType(InvalidModelException.class, () -> Checkpoint.open(folder));
        assertThat(error).as(what).isNotNull();
        assertClear(error, folder.toString(), parts);
    }

    @Test
    void oneTensorInTwoShards() throws IOException {
        shards(map("a", "x.safetensors", "b", "x.safetensors", "c", "y.safetensors"));
        Files.write(folder.resolve("y.safetensors"), file("{" + entry("a", "\"I8\"", "[]", "[0,1]") + "}", 1));
        InvalidModelException error = catchThrowableOfType(InvalidModelException.class, () -> Checkpoint.open(folder));
        assertClear(error, INDEX, List.of("tensor 'a'", "y.safetensors", "x.safetensors"));
    }

    @Test
    void aDamagedShardIsNamed() throws IOException {
        shards(map("a", "x.safetensors", "b", "x.safetensors", "c", "y.safetensors"));
        assertThat(Checkpoint.open(folder).tensors()).containsOnlyKeys("a", "b", "c");
        Files.write(folder.resolve("y.safetensors"), new byte[5]);
        InvalidModelException error = catchThrowableOfType(InvalidModelException.class, () -> Checkpoint.open(folder));
        assertClear(error, folder.resolve("y.safetensors").toString(), List.of("5 bytes", "cut short"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf_model.h5", "a.gguf", "flax_model.msgpack"})
    void anotherFormatIsNotSupported(String name) throws IOException {
        Files.writeString(folder.resolve(name), "weights");
        UnsupportedModelException error =
                catchThrowableOfType(UnsupportedModelException.class, () -> Checkpoint.open(folder));
        assertClear(error, folder.toString(), List.of(name, "model.safetensors"));
    }

    @Test
    void noWeightsAtAll() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        assertNotFound(folder, "no weights", "model.safetensors", "pytorch_model.bin", "index");
    }

    @Test
    void noFolder() throws IOException {
        assertNotFound(folder.resolve("gone"), "does not exist");
        assertNotFound(Files.writeString(folder.resolve("file"), ""), "no folder");
    }

    private static void assertNotFound(Path folder, String... parts) {
        ModelNotFoundException error =
                catchThrowableOfType(ModelNotFoundException.class, () -> Checkpoint.open(folder));
        assertClear(error, folder.toString(), List.of(parts));
    }

    @Test
    void aConfigurationThatIsNone() throws IOException {
        Path config = folder.resolve("config.json");
        assertConfig(ModelNotFoundException.class, "does not exist");
        Files.write(config, new byte[0]);
        assertConfig(InvalidModelException.class, "no JSON object");
        Files.writeString(config, "[1]");
        assertConfig(InvalidModelException.class, "no JSON object");
        Files.writeString(config, "{\"model_type\":");
        assertConfig(InvalidModelException.class, "not valid JSON");
        Files.write(config, "{\"model_type\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertConfig(InvalidModelException.class, "not UTF-8");
        Files.delete(config);
        Files.createDirectory(config);
        assertConfig(InvalidModelException.class, "no regular file");
    }

    private <T extends JllmException> void assertConfig(Class<T> type, String part) {
        assertClear(
                catchThrowableOfType(type, () -> ModelConfig.read(folder)),
                folder.resolve("config.json").toString(),
                List.of(part));
    }
}
