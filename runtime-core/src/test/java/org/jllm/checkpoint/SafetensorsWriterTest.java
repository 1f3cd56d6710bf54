package org.jllm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    private static final Announced MATRIX = new Announced("matrix", ElementType.I16, List.of(2L, 3L));
    private static final Announced EMPTY = new Announced("empty", ElementType.F32, List.of(0L, 7L));
    private static final Announced NUMBER = new Announced("number", ElementType.F64, List.of());

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("model.safetensors");
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        try (SafetensorsWriter writer =
                new SafetensorsWriter(file(), List.of(MATRIX, EMPTY, NUMBER), Map.of("形式", "\"pt\"\n"))) {
            writer.write("matrix", ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
            writer.write("matrix", ByteBuffer.wrap(new byte[] {6, 7, 8, 9, 10, 11, 12}));
            writer.write("number", ByteBuffer.wrap(new byte[] {13, 14, 15, 16, 17, 18, 19, 20}));
            writer.finish();
        }
        assertThat(files()).containsExactly("model.safetensors");
        Map<String, StoredTensor> tensors = Checkpoint.open(folder).tensors();
        long start = tensors.get("matrix").offset();
        assertThat(start % 64).isZero();
        byte[] bytes = Files.readAllBytes(file());
        Storage whole = Storage.plain(file(), 0, bytes.length);
        assertThat(tensors.values())
                .containsExactly(
                        StoredTensor.contiguous("matrix", ElementType.I16, List.of(2L, 3L), whole, start),
                        StoredTensor.contiguous("empty", ElementType.F32, List.of(0L, 7L), whole, start + 12),
                        StoredTensor.contiguous("number", ElementType.F64, List.of(), whole, start + 12));
        assertThat(Arrays.copyOfRange(bytes, (int) start, bytes.length))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    }

    @Test
    void noTensorsAtAll() throws IOException {
        try (SafetensorsWriter writer = new SafetensorsWriter(file(), List.of(), Map.of())) {
            writer.finish();
        }
        assertThat(Checkpoint.open(folder).tensors()).isEmpty();
        assertThat(Files.size(file())).isEqualTo(64);
    }

    @Test
    void abandonsWhatIsIncompleteAndKeepsWhatWasThere() throws IOException {
        Files.writeString(file(), "old");
        try (SafetensorsWriter writer = new SafetensorsWriter(file(), List.of(EMPTY, MATRIX), Map.of())) {
            writer.write("matrix", ByteBuffer.allocate(11));
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'matrix'")
                    .hasMessageContaining("11 of 12 bytes");
        }
        assertThat(files()).containsExactly("model.safetensors");
        assertThat(file()).hasContent("old");
    }

    @Test
    void refusesOtherBytesThanAnnounced() throws IOException {
        try (SafetensorsWriter writer = new SafetensorsWriter(file(), List.of(MATRIX, NUMBER), Map.of())) {
            assertThatThrownBy(() -> writer.write("number", ByteBuffer.allocate(8)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("next is tensor 'matrix'");
            assertThatThrownBy(() -> writer.write("matrix", ByteBuffer.allocate(13)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("13 bytes");
            writer.write("matrix", ByteBuffer.allocate(12));
            writer.write("number", ByteBuffer.allocate(8));
            assertThatThrownBy(() -> writer.write("number", ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("next is the end");
        }
    }

    @Test
    void refusesTensorsThatNoHeaderCanHold() throws IOException {
        assertThatThrownBy(() -> new SafetensorsWriter(file(), List.of(MATRIX, MATRIX), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'matrix'");
        assertThatThrownBy(() -> new Announced("__metadata__", ElementType.I8, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Announced("a", ElementType.I8, List.of(-1L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(files()).isEmpty();
    }
}
