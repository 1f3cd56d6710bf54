package org.jllm.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.FloatTensor;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/** Golden encoders with a tokenizer that knows five special tokens, ninety-one Chinese characters and the letter a. */
public final class TinyEncoder {
    public static final Path GOLDEN = Path.of("../runtime-core/src/test/resources/golden");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final int FIRST = 0x4E00;
    private static final int LETTER = 96;

    private TinyEncoder() {}

    /** Writes a model of that golden case into a new folder. */
    public static Path write(Path folder, String golden) throws IOException {
        Files.createDirectories(folder);
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(GOLDEN.resolve(golden).resolve(file), folder.resolve(file));
        }
        writeTokenizer(folder);
        return folder;
    }

    private static void writeTokenizer(Path folder) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < SPECIAL.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", SPECIAL.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("strip_accents", false)
                .put("lowercase", false);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        root.putObject("post_processor")
                .put("type", "BertProcessing")
                .<ObjectNode>set("sep", JSON.createArrayNode().add("[SEP]").add(3))
                .set("cls", JSON.createArrayNode().add("[CLS]").add(2));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", false);
        ObjectNode wordPiece = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode vocabulary = wordPiece.putObject("vocab");
        for (int id = 0; id <= LETTER; id++) {
            vocabulary.put(token(id), id);
        }
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), root);
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"tokenizer_class": "BertTokenizer", "mask_token": "[MASK]", "cls_token": "[CLS]", "sep_token": "[SEP]",
                 "pad_token": "[PAD]", "unk_token": "[UNK]", "do_lower_case": false}
                """);
    }

    private static String token(int id) {
        return id < SPECIAL.size() ? SPECIAL.get(id) : id == LETTER ? "a" : Character.toString(FIRST + id);
    }

    /** The text of these tokens. */
    public static String text(int... ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(token(id));
        }
        return text.toString();
    }

    /** The expectations that sentence-transformers and Transformers gave for such models. */
    public static JsonNode expectations() throws IOException {
        return JSON.readTree(Path.of("../runtime-core/src/test/resources/embedding/vectors.json")
                .toFile());
    }

    /** Writes a JSON file into a folder of the model. */
    public static void writeJson(Path model, String name, JsonNode content) throws IOException {
        Files.createDirectories(model.resolve(name).getParent());
        JSON.writeValue(model.resolve(name).toFile(), content);
    }

    /** A sentence-transformers folder of a golden case, with its {@code 1_Pooling/config.json} as given. */
    public static Path writeSentenceFolder(Path folder, String golden, String pooling) throws IOException {
        write(folder, golden);
        Files.writeString(folder.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
                """);
        Files.createDirectories(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("1_Pooling/config.json"), pooling);
        return folder;
    }

    /** A golden encoder in the form of JaColBERT: its checkpoint has a matrix for vectors of eight numbers, too. */
    public static Path writeColbert(Path folder, String golden, JsonNode metadata) throws IOException {
        write(folder, golden);
        Map<Announced, float[]> tensors = tensors(folder);
        tensors.put(tensor("linear.weight", 8L, 32L), wave(8 * 32, 0.7));
        writeTensors(folder.resolve("model.safetensors"), tensors);
        writeJson(folder, "artifact.metadata", metadata);
        return folder;
    }

    /** The tensors of a model in float32, to be changed. */
    static Map<Announced, float[]> tensors(Path model) {
        Map<Announced, float[]> tensors = new LinkedHashMap<>();
        Checkpoint.open(model)
                .tensors()
                .values()
                .forEach(tensor -> tensors.put(
                        new Announced(tensor.name(), tensor.type(), tensor.shape()), FloatTensor.read(tensor)));
        return tensors;
    }

    /** The numbers that the expectations were computed with. */
    public static float[] wave(int count, double shift) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.3 * Math.sin(1.7 * i + shift));
        }
        return values;
    }

    /** Writes tensors, whose names and shapes are those of {@code values}' keys, as safetensors. */
    public static void writeTensors(Path file, Map<Announced, float[]> values) throws IOException {
        Files.createDirectories(file.getParent());
        List<Announced> announced = new ArrayList<>(values.keySet());
        try (SafetensorsWriter writer = new SafetensorsWriter(file, announced, Map.of())) {
            for (Announced tensor : announced) {
                writer.write(tensor.name(), bytes(values.get(tensor)));
            }
            writer.finish();
        }
    }

    static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    public static Announced tensor(String name, Long... shape) {
        return new Announced(name, ElementType.F32, List.of(shape));
    }
}
