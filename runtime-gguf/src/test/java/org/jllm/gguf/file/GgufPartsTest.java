package org.jllm.gguf.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jllm.gguf.file.GgufBytes.file;
import static org.jllm.gguf.file.GgufBytes.key;
import static org.jllm.gguf.file.GgufBytes.pair;
import static org.jllm.gguf.file.GgufBytes.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufPartsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void threeSoundParts() throws IOException {
        write(1, part(0, 3, 3, "a"));
        write(2, part(1, 3, 3, "b"));
        write(3, part(2, 3, 3, "c"));
    }

    private Path path(int number) {
        return folder.resolve("model-0000" + number + "-of-00003.gguf");
    }

    private void write(int number, byte[] bytes) throws IOException {
        Files.write(path(number), bytes);
    }

    private static byte[] part(int number, int count, int tensors, String tensor) {
        List<byte[]> pairs = new ArrayList<>(List.of(
                key("split.no", GgufValueType.UINT16).int16(number).bytes(),
                key("split.count", GgufValueType.UINT16).int16(count).bytes(),
                key("split.tensors.count", GgufValueType.INT32).int32(tensors).bytes()));
        if (number == 0) {
            pairs.add(pair("general.architecture", "llama"));
        }
        return file(pairs, List.of(tensor(tensor, GgmlType.F32.id(), 0, 8)), 32);
    }

    private void assertRefused(Path given, String... says) {
        assertThatThrownBy(() -> GgufFile.read(given))
                .isInstanceOf(InvalidModelException.class)
                .message()
                .contains(says)
                .doesNotContain("\n");
    }

    @Test
    void anyPartStandsForAll() {
        for (int given = 1; given <= 3; given++) {
            GgufFile model = GgufFile.read(path(given));
            assertThat(model.files()).containsExactly(path(1), path(2), path(3));
            assertThat(model.architecture()).isEqualTo("llama");
            assertThat(model.tensors()).containsOnlyKeys("a", "b", "c");
            assertThat(model.tensors().get("b").file()).isEqualTo(path(2));
            assertThat(model.bytes()).isEqualTo(96);
        }
    }

    @Test
    void onePartOfOneIsAFileLikeAnyOther() throws IOException {
        Path file = Files.write(folder.resolve("any name"), part(0, 1, 1, "a"));
        assertThat(GgufFile.read(file).files()).containsExactly(file);
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        Files.delete(path(2));
        assertRefused(path(1), path(2) + " is missing");
        assertRefused(path(3), path(2) + " is missing");
    }

    @Test
    void aFolderInPlaceOfAPart() throws IOException {
        Files.delete(path(2));
        Files.createDirectory(path(2));
        assertRefused(path(1), path(2).toString(), "folder");
    }

    @Test
    void aRenamedPart() throws IOException {
        Path renamed = Files.move(path(1), folder.resolve("first.gguf"));
        assertRefused(renamed, "first.gguf", "-00001-of-00003.gguf");
    }

    @Test
    void partsThatChangedPlaces() throws IOException {
        write(2, part(2, 3, 3, "b"));
        assertRefused(path(1), path(2).toString(), "split.no", "not 2");
        assertRefused(path(2), path(2).toString(), "-00003-of-00003.gguf");
    }

    @Test
    void aPartOfAnotherModel() throws IOException {
        write(3, part(2, 4, 3, "c"));
        assertRefused(path(1), path(3).toString(), "split.count", "not 4");
        write(3, part(2, 3, 3, "a"));
        assertRefused(path(1), path(3).toString(), "'a'", path(1).toString());
    }

    @Test
    void countsThatAreWrong() throws IOException {
        write(1, part(0, 3, 7, "a"));
        assertRefused(path(1), path(1).toString(), "split.tensors.count is 7", "3 tensors");
        write(1, part(0, 3, -1, "a"));
        assertRefused(path(2), path(1).toString(), "split.tensors.count is -1");
    }

    @Test
    void typesOnWhichLlamaAborts() throws IOException {
        byte[] tensor = tensor("b", GgmlType.F32.id(), 0, 8);
        write(2, file(List.of(pair("split.no", 1), pair("split.count", 3)), List.of(tensor), 32));
        assertRefused(path(1), path(2).toString(), "split.count", "uint16", "not uint32 3");
        write(2, file(List.of(), List.of(tensor), 32));
        assertRefused(path(1), path(2).toString(), "split.count must be 3");
    }

    @Test
    void aDamagedPart() throws IOException {
        write(3, new byte[] {'G', 'G', 'U', 'F', 3});
        assertRefused(path(1), path(3).toString(), "version");
    }
}
