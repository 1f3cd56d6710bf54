package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.checkpoint.StoredTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same weights give the same logits, however and wherever their file lies. */
class UnusualFilesTest {
    @TempDir
    private Path temporary;

    /** The kernels round differently where weights lie differently in memory; a byte in the wrong place is far off. */
    private static void assertSameLogits(Path folder, String model) {
        assertThat(GoldenModel.logits(folder))
                .containsExactly(GoldenModel.logits(GoldenModel.folder(model)), within(1e-5f));
    }

    @ParameterizedTest
    @CsvSource({
        "llama_mha, 1",
        "llama_mha, 2",
        "llama_mha, 4",
        "llama_f16, 1",
        "llama_f16, 2",
        "llama_bf16, 3",
        "llama_bf16, 6"
    })
    void tensorsThatAreNotAligned(String model, int remainder) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeHeader(folder, remainder, header -> {});
        StoredTensor first =
                Checkpoint.open(folder).tensors().values().iterator().next();
        assertThat(first.offset() % 8).isEqualTo(remainder);
        assertSameLogits(folder, model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama_mha", "llama_f16", "llama_bf16"})
    void writtenAnew(String model) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        Map<String, StoredTensor> tensors =
                Checkpoint.open(GoldenModel.folder(model)).tensors();
        List<Announced> announced = tensors.values().stream()
                .map(tensor -> new Announced(tensor.name(), tensor.type(), tensor.shape()))
                .toList();
        try (SafetensorsWriter writer =
                new SafetensorsWriter(folder.resolve("model.safetensors"), announced, Map.of("format", "pt"))) {
            for (StoredTensor tensor : tensors.values()) {
                try (FileChannel channel = FileChannel.open(tensor.file())) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteLength());
                    channel.read(bytes, tensor.offset());
                    writer.write(tensor.name(), bytes.flip());
                }
            }
            writer.finish();
        }
        assertSameLogits(folder, model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"日本語 の モデル", "a b'c\"d$e%20#&", "吉野家と𠮷野家", "😀"})
    void foldersOfAnyName(String name) throws IOException {
        assumeTrue(
                Charset.forName(System.getProperty("sun.jnu.encoding"))
                        .newEncoder()
                        .canEncode(name),
                "this locale cannot name the folder");
        Path folder = GoldenModel.copy("llama_mha", temporary.resolve(name));
        assertThat(GoldenModel.logits(folder)).isEqualTo(GoldenModel.logits(GoldenModel.folder("llama_mha")));
    }

    @Test
    void linkedAsTheCacheOfHuggingFaceDoes() throws IOException {
        Path blobs = GoldenModel.copy("llama_mha", temporary.resolve("blobs"));
        Files.move(blobs.resolve("model.safetensors"), blobs.resolve("0a1b2c"));
        Path snapshot = Files.createDirectories(temporary.resolve("snapshots/main"));
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/config.json"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/0a1b2c"));
        assertThat(GoldenModel.logits(snapshot)).isEqualTo(GoldenModel.logits(GoldenModel.folder("llama_mha")));
    }

    @Test
    void afterADamagedFileASoundOneStillRuns() throws IOException {
        Path folder = GoldenModel.copy("llama_mha", temporary.resolve("model"));
        byte[] sound = Files.readAllBytes(folder.resolve("model.safetensors"));
        for (int length : new int[] {0, 7, 8, 100, sound.length / 2, sound.length - 1}) {
            Files.write(folder.resolve("model.safetensors"), Arrays.copyOf(sound, length));
            assertThatThrownBy(() -> GoldenModel.logits(folder))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("model.safetensors")
                    .hasMessageContaining("cut short");
        }
        Files.write(folder.resolve("model.safetensors"), sound);
        assertThat(GoldenModel.logits(folder)).isEqualTo(GoldenModel.logits(GoldenModel.folder("llama_mha")));
    }
}
