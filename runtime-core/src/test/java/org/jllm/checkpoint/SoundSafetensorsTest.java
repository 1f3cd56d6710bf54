package org.jllm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jllm.checkpoint.SafetensorsBytes.entry;
import static org.jllm.checkpoint.SafetensorsBytes.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unusual files that the format allows. */
class SoundSafetensorsTest {
    @TempDir
    private Path folder;

    private Checkpoint open(String header, int dataBytes) throws IOException {
        Files.write(folder.resolve("model.safetensors"), file(header, dataBytes));
        return Checkpoint.open(folder);
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void everyType(ElementType type) throws IOException {
        int bytes = 3 * type.bytes();
        StoredTensor tensor = open("{" + entry("a", '"' + type.name() + '"', "[3]", "[0," + bytes + "]") + "}", bytes)
                .require("a");
        assertThat(tensor.type()).isEqualTo(type);
        assertThat(tensor.byteLength()).isEqualTo(bytes);
    }

    @Test
    void nothingButBraces() throws IOException {
        assertThat(open("{}", 0).tensors()).isEmpty();
        assertThat(open("{\"__metadata__\":{}}   \n", 0).tensors()).isEmpty();
    }

    @Test
    void emptyTensorsShareAPlaceWithTheNext() throws IOException {
        Checkpoint checkpoint = open(
                "{" + entry("b", "\"F32\"", "[]", "[0,4]") + "," + entry("a", "\"F64\"", "[0,5]", "[0,0]") + ","
                        + entry("c", "\"I8\"", "[2,0]", "[4,4]") + "}",
                4);
        assertThat(checkpoint.tensors()).containsOnlyKeys("a", "b", "c");
        assertThat(checkpoint.require("b").shape()).isEmpty();
        assertThat(checkpoint.require("a").shape()).isEqualTo(List.of(0L, 5L));
        assertThat(checkpoint.bytes()).isEqualTo(4);
    }

    @Test
    void namesOfAnyCharacter() throws IOException {
        assertThat(open("{" + entry("重み \\ud83d\\ude00/..\\\\\\\"", "\"U8\"", "[1]", "[0,1]") + "}", 1)
                        .tensors())
                .containsOnlyKeys("重み 😀/..\\\"");
    }

    @Test
    void tensorsInAnotherOrderThanTheirBytes() throws IOException {
        Checkpoint checkpoint =
                open("{" + entry("b", "\"I8\"", "[2]", "[3,5]") + "," + entry("a", "\"I8\"", "[3]", "[0,3]") + "}", 5);
        assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b");
        assertThat(checkpoint.require("b").offset() - checkpoint.require("a").offset())
                .isEqualTo(3);
    }

    @Test
    void aLink() throws IOException {
        open("{" + entry("a", "\"I8\"", "[2]", "[0,2]") + "}", 2);
        Path linked = Files.createDirectory(folder.resolve("linked"));
        Files.createSymbolicLink(linked.resolve("model.safetensors"), Path.of("../model.safetensors"));
        assertThat(Checkpoint.open(linked).tensors()).containsOnlyKeys("a");
    }
}
