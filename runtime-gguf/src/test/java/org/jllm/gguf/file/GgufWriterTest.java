package org.jllm.gguf.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jllm.gguf.file.GgufWriter.Announced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufWriterTest {
    private static final Announced BLOCKS = new Announced("blocks", GgmlType.Q8_0, List.of(32L, 3L));
    private static final Announced NUMBER = new Announced("number", GgmlType.F32, List.of());

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("model.gguf");
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void allTypesAreReadAsWritten() throws IOException {
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.alignment", GgufNumber.uint32(64));
        Map<GgufValueType, long[]> edges = Map.of(
                GgufValueType.UINT8, new long[] {0, 255},
                GgufValueType.INT8, new long[] {-128, 127},
                GgufValueType.UINT16, new long[] {0, 65_535},
                GgufValueType.INT16, new long[] {-32_768, 32_767},
                GgufValueType.UINT32, new long[] {0, 0xFFFF_FFFFL},
                GgufValueType.INT32, new long[] {Integer.MIN_VALUE, Integer.MAX_VALUE},
                GgufValueType.FLOAT32, new long[] {0x7FA0_0001L, 0x8000_0000L},
                GgufValueType.BOOL, new long[] {0, 1},
                GgufValueType.UINT64, new long[] {0, -1},
                GgufValueType.INT64, new long[] {Long.MIN_VALUE, Long.MAX_VALUE});
        edges.forEach((type, bits) -> {
            metadata.put("least." + type, new GgufNumber(type, bits[0]));
            metadata.put("most." + type, new GgufNumber(type, bits[1]));
        });
        metadata.put("double", new GgufNumber(GgufValueType.FLOAT64, Double.doubleToRawLongBits(-0.1)));
        metadata.put("text", GgufText.of("日本語\n\0"));
        metadata.put("bytes", GgufText.of(new byte[] {(byte) 0xe3, (byte) 0x81}));
        metadata.put("texts", GgufTexts.of(List.of("", "あ", "b")));
        metadata.put("floats", GgufNumbers.float32(1.5f, Float.NaN, -0f));
        metadata.put("none", GgufNumbers.int32());
        metadata.put(
                "nested",
                new GgufArrays(
                        List.of(GgufNumbers.int32(1, -2), GgufTexts.of(List.of("x")), new GgufArrays(List.of()))));

        byte[] content = new byte[(int) BLOCKS.byteLength()];
        for (int at = 0; at < content.length; at++) {
            content[at] = (byte) at;
        }
        try (GgufWriter writer = new GgufWriter(file(), metadata, List.of(BLOCKS, NUMBER))) {
            writer.write("blocks", ByteBuffer.wrap(content, 0, 5));
            writer.write("blocks", ByteBuffer.wrap(content, 5, content.length - 5));
            writer.write("number", ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
            writer.finish();
        }

        assertThat(files()).containsExactly("model.gguf");
        GgufFile read = GgufFile.read(file());
        assertThat(read.metadata().values()).containsExactlyEntriesOf(metadata);
        assertThat(read.alignment()).isEqualTo(64);
        assertThat(read.tensors().keySet()).containsExactly("blocks", "number");
        GgufTensor blocks = read.tensors().get("blocks");
        GgufTensor number = read.tensors().get("number");
        assertThat(blocks.offset() % 64).isZero();
        assertThat(blocks.byteLength()).isEqualTo(102);
        assertThat(number.offset()).isEqualTo(blocks.offset() + 128);
        assertThat(number.elements()).isEqualTo(1);
        assertThat(bytes(blocks)).isEqualTo(content);
        assertThat(bytes(number)).containsExactly(1, 2, 3, 4);
        assertThat(read.metadata().values().get("most.UINT64")).hasToString("18446744073709551615");
        assertThat(read.metadata().values().get("bytes")).isEqualTo(GgufText.of(new byte[] {(byte) 0xe3, (byte) 0x81}));
    }

    private static byte[] bytes(GgufTensor tensor) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteLength());
        try (FileChannel channel = FileChannel.open(tensor.file())) {
            channel.read(bytes, tensor.offset());
        }
        return bytes.array();
    }

    @Test
    void theEmbeddedModelIsReadAsWritten() throws IOException {
        assertReadAsWritten(Embedded.file(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-bge", "gpt-2", "gpt-neox", "llama-spm", "mpt"})
    void vocabulariesAreReadAsWritten(String name) throws IOException {
        Path vocabulary = Path.of(System.getProperty("jllm.shared", "../../shared"))
                .resolve("tokenizers/llama-cpp-vocabs/ggml-vocab-" + name + ".gguf");
        assumeTrue(Files.exists(vocabulary), () -> vocabulary + " is missing");
        assertReadAsWritten(vocabulary);
    }

    private void assertReadAsWritten(Path original) throws IOException {
        GgufFile model = GgufFile.read(original);
        List<Announced> tensors = model.tensors().values().stream()
                .map(tensor -> new Announced(tensor.name(), tensor.type(), tensor.dimensions()))
                .toList();
        try (GgufWriter writer = new GgufWriter(file(), model.metadata().values(), tensors)) {
            for (GgufTensor tensor : model.tensors().values()) {
                writer.write(tensor.name(), ByteBuffer.wrap(bytes(tensor)));
            }
            writer.finish();
        }
        GgufFile written = GgufFile.read(file());
        assertThat(written.metadata().values())
                .containsExactlyEntriesOf(model.metadata().values());
        assertThat(written.tensors().keySet())
                .containsExactlyElementsOf(model.tensors().keySet());
        for (GgufTensor tensor : model.tensors().values()) {
            assertThat(bytes(written.tensors().get(tensor.name()))).isEqualTo(bytes(tensor));
        }
        if (model.version() == 3 && !tensors.isEmpty()) {
            assertThat(file()).hasSameBinaryContentAs(original);
        }
    }

    @Test
    void abandonsWhatIsIncompleteAndKeepsWhatWasThere() throws IOException {
        Files.writeString(file(), "old");
        try (GgufWriter writer = new GgufWriter(file(), Map.of(), List.of(BLOCKS))) {
            writer.write("blocks", ByteBuffer.allocate(101));
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'blocks'")
                    .hasMessageContaining("101 of 102 bytes");
        }
        assertThat(files()).containsExactly("model.gguf");
        assertThat(file()).hasContent("old");
    }

    @Test
    void refusesOtherBytesThanAnnounced() throws IOException {
        try (GgufWriter writer = new GgufWriter(file(), Map.of(), List.of(BLOCKS, NUMBER))) {
            assertThatThrownBy(() -> writer.write("number", ByteBuffer.allocate(4)))
                    .hasMessageContaining("next is tensor 'blocks'");
            assertThatThrownBy(() -> writer.write("blocks", ByteBuffer.allocate(103)))
                    .hasMessageContaining("103 bytes");
            writer.write("blocks", ByteBuffer.allocate(102));
            writer.write("number", ByteBuffer.allocate(4));
            assertThatThrownBy(() -> writer.write("number", ByteBuffer.allocate(1)))
                    .hasMessageContaining("next is the end");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesWhatNoReaderTakes() {
        Stream.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        () -> new Announced("a".repeat(64), GgmlType.F32, List.of(1L)),
                        () -> new Announced("", GgmlType.F32, List.of(1L)),
                        () -> new Announced("a", GgmlType.F32, List.of(0L)),
                        () -> new Announced("a", GgmlType.F32, List.of(1L, 1L, 1L, 1L, 1L)),
                        () -> new Announced("a", GgmlType.Q8_0, List.of(31L)),
                        () -> new GgufNumber(GgufValueType.UINT8, 256),
                        () -> new GgufNumber(GgufValueType.STRING, 0),
                        () -> new GgufWriter(file(), Map.of(), List.of(NUMBER, NUMBER)),
                        () -> new GgufWriter(file(), Map.of("a\n", GgufNumber.bool(true)), List.of()))
                .forEach(call -> assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class));
    }
}
