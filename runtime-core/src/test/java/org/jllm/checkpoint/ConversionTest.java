package org.jllm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.ModelNotFoundException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionTest {
    private static final Path REAL = Path.of("src/test/resources/pytorch");

    @TempDir
    private Path temporary;

    private Path folder;
    private Path out;

    @BeforeEach
    void folders() throws IOException {
        folder = Files.createDirectory(temporary.resolve("model"));
        out = temporary.resolve("new/safetensors");
    }

    private Conversion.Result convert(long shardBytes) {
        return new Conversion(folder, out, shardBytes).run(fraction -> {});
    }

    private void assertSame() {
        Checkpoint before = Checkpoint.open(folder);
        Checkpoint after = Checkpoint.open(out);
        assertThat(after.tensors()).containsOnlyKeys(before.tensors().keySet());
        before.tensors().forEach((name, tensor) -> {
            StoredTensor copy = after.require(name);
            assertThat(copy.type()).as(name).isEqualTo(tensor.type());
            assertThat(copy.shape()).as(name).isEqualTo(tensor.shape());
            assertThat(copy.isMappable() && copy.isContiguous()).as(name).isTrue();
            assertThat(RealPyTorchFilesTest.values(copy)).as(name).containsExactly(RealPyTorchFilesTest.values(tensor));
        });
        assertThat(after.distinct()).hasSameSizeAs(before.distinct());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "legacy", "deflated", "wrapped-protocol-5"})
    void everyTensor(String form) throws IOException {
        Files.copy(REAL.resolve(form + ".bin"), folder.resolve("pytorch_model.bin"));
        Conversion.Result result = convert(Conversion.SHARD_BYTES);
        assertThat(result.files()).containsExactly("model.safetensors");
        assertThat(result.aliases()).isEqualTo(1);
        assertSame();
        assertThat(files(temporary)).containsExactlyInAnyOrder("model", "new");
        assertThat(files(out.getParent())).containsExactly("safetensors");
    }

    @Test
    void inShards() throws IOException {
        Files.copy(REAL.resolve("zip.bin"), folder.resolve("pytorch_model.bin"));
        List<Double> progress = new ArrayList<>();
        Conversion.Result result = new Conversion(folder, out, 200).run(progress::add);
        assertThat(result.files()).hasSizeGreaterThan(2).first().asString().startsWith("model-00001-of-0000");
        assertThat(files(out)).contains("model.safetensors.index.json");
        assertSame();
        assertThat(progress).isSorted().last().isEqualTo(1.0);
    }

    @Test
    void theTableOfEmbeddingsKeepsItsName() throws IOException {
        byte[] bytes = new byte[16];
        Files.write(
                folder.resolve("pytorch_model.bin"),
                new TorchSave()
                        .storage("s", ElementType.F32, bytes)
                        .tensor("lm_head.weight", "s", 0, List.of(2L, 2L), List.of(2L, 1L))
                        .tensor("model.embed_tokens.weight", "s", 0, List.of(2L, 2L), List.of(2L, 1L))
                        .zip());
        convert(Conversion.SHARD_BYTES);
        assertThat(SafetensorsHeader.read(out.resolve("model.safetensors")).tensors())
                .extracting(StoredTensor::name)
                .containsExactly("model.embed_tokens.weight");
        assertSame();
    }

    @Test
    void otherFilesComeAlong() throws IOException {
        Files.copy(REAL.resolve("legacy.bin"), folder.resolve("pytorch_model.bin"));
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(folder.resolve("tokenizer.model"), "t");
        Files.writeString(folder.resolve("training_args.bin"), "x");
        Files.writeString(folder.resolve("tf_model.h5"), "x");
        Files.writeString(folder.resolve(".gitattributes"), "x");
        Files.createDirectories(folder.resolve(".git/objects"));
        Files.writeString(folder.resolve(".git/objects/a"), "x");
        Files.createDirectory(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("1_Pooling/config.json"), "{\"x\":1}");
        Files.createSymbolicLink(folder.resolve("vocab.txt"), folder.resolve("tokenizer.model"));
        convert(Conversion.SHARD_BYTES);
        assertThat(files(out))
                .containsExactlyInAnyOrder(
                        "config.json", "tokenizer.model", "vocab.txt", "1_Pooling", "model.safetensors");
        assertThat(out.resolve("1_Pooling/config.json")).hasContent("{\"x\":1}");
        assertThat(Files.isSymbolicLink(out.resolve("vocab.txt"))).isFalse();
    }

    @Test
    void anAdapterStaysOne() throws IOException {
        Files.copy(REAL.resolve("zip.bin"), folder.resolve("adapter_model.bin"));
        assertThat(convert(Conversion.SHARD_BYTES).files()).containsExactly("adapter_model.safetensors");
    }

    @Test
    void anEmptyFolderIsTaken() throws IOException {
        Files.copy(REAL.resolve("zip.bin"), folder.resolve("pytorch_model.bin"));
        Files.createDirectories(out);
        convert(Conversion.SHARD_BYTES);
        assertSame();
    }

    @Test
    void whatIsThereStays() throws IOException {
        Files.copy(REAL.resolve("zip.bin"), folder.resolve("pytorch_model.bin"));
        Files.createDirectories(out);
        Files.writeString(out.resolve("mine"), "mine");
        assertThatThrownBy(() -> convert(Conversion.SHARD_BYTES))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(out + " is not empty");
        assertThat(files(out)).containsExactly("mine");
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> new Conversion(folder, file, 1).run(fraction -> {}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("is a file");
    }

    @Test
    void damageIsFoundAndNothingStays() throws IOException {
        byte[] bytes = Files.readAllBytes(REAL.resolve("zip.bin"));
        StoredTensor tensor = Checkpoint.read(REAL.resolve("zip.bin")).require("whole");
        bytes[(int) tensor.position() + 5] ^= 1;
        Files.write(folder.resolve("pytorch_model.bin"), bytes);
        assertThatThrownBy(() -> convert(Conversion.SHARD_BYTES))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("pytorch_model.bin is damaged")
                .hasMessageContaining("checksum");
        assertThat(out).doesNotExist();
        assertThat(files(out.getParent())).isEmpty();
    }

    @Test
    void noModelAtAll() {
        assertThatThrownBy(() -> convert(Conversion.SHARD_BYTES))
                .isInstanceOf(ModelNotFoundException.class)
                .isInstanceOf(JllmException.class);
        assertThat(out.getParent()).doesNotExist();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
