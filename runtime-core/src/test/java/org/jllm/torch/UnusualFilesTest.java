package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.TensorReader;
import org.jllm.checkpoint.TorchSave;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
        assertThat(first.position() % 8).isEqualTo(remainder);
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
                writer.write(tensor.name(), ByteBuffer.wrap(bytes(tensor)));
            }
            writer.finish();
        }
        assertSameLogits(folder, model);
    }

    /** Of every matrix a column-major view, all in one storage, behind some numbers that no tensor uses. */
    private static TorchSave columnMajor(Path model) throws IOException {
        TorchSave save = new TorchSave();
        ByteArrayOutputStream storage = new ByteArrayOutputStream();
        storage.writeBytes(new byte[20]);
        List<Runnable> cuts = new ArrayList<>();
        for (StoredTensor tensor : Checkpoint.open(model).tensors().values()) {
            long offset = storage.size() / 4;
            List<Long> shape = tensor.shape();
            boolean matrix = shape.size() == 2;
            storage.writeBytes(matrix ? transposed(bytes(tensor), shape) : bytes(tensor));
            List<Long> strides = matrix ? List.of(1L, shape.get(0)) : tensor.strides();
            cuts.add(() -> save.tensor(tensor.name(), "all", offset, shape, strides));
        }
        save.storage("all", ElementType.F32, storage.toByteArray());
        cuts.forEach(Runnable::run);
        return save;
    }

    private static byte[] transposed(byte[] floats, List<Long> shape) {
        int rows = shape.get(0).intValue();
        int columns = shape.get(1).intValue();
        byte[] turned = new byte[floats.length];
        for (int i = 0; i < rows * columns; i++) {
            System.arraycopy(floats, 4 * i, turned, 4 * (i % columns * rows + i / columns), 4);
        }
        return turned;
    }

    private static byte[] bytes(StoredTensor tensor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TensorReader().read(tensor, part -> {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            out.writeBytes(bytes);
        });
        return out.toByteArray();
    }

    private static TorchSave saved(Path model) throws IOException {
        TorchSave save = new TorchSave();
        for (StoredTensor tensor : Checkpoint.open(model).tensors().values()) {
            save.tensor(tensor.name(), tensor.type(), tensor.shape(), bytes(tensor));
        }
        return save;
    }

    static Stream<Arguments> formsOfPyTorch() {
        return Stream.of("llama_mha", "llama_f16", "llama_bf16")
                .flatMap(model -> Stream.of(
                        arguments(model, "zip", (Function<TorchSave, byte[]>) TorchSave::zip),
                        arguments(model, "compressed", (Function<TorchSave, byte[]>) TorchSave::deflated),
                        arguments(model, "misaligned", (Function<TorchSave, byte[]>) save -> save.misaligned(3)),
                        arguments(model, "legacy", (Function<TorchSave, byte[]>) TorchSave::legacy)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("formsOfPyTorch")
    void asAFileOfPyTorch(String model, String form, Function<TorchSave, byte[]> bytes) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve(form));
        byte[] file = bytes.apply(saved(folder));
        Files.delete(folder.resolve("model.safetensors"));
        Files.write(folder.resolve("pytorch_model.bin"), file);
        assertSameLogits(folder, model);
    }

    @Test
    void columnMajorInOneStorage() throws IOException {
        Path folder = GoldenModel.copy("llama_mha", temporary.resolve("model"));
        TorchSave save = columnMajor(folder);
        Files.delete(folder.resolve("model.safetensors"));
        for (byte[] bytes : List.of(save.zip(), save.deflated(), save.misaligned(2), save.legacy())) {
            Files.write(folder.resolve("weights.pth"), bytes);
            assertSameLogits(folder, "llama_mha");
        }
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
