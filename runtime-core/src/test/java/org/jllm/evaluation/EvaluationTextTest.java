package org.jllm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.api.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTextTest {
    @TempDir
    private Path folder;

    @Test
    void isTheFileAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "\uFEFFあ𠮷\r\n ");
        assertThat(EvaluationText.read(file, 13)).isEqualTo(new EvaluationText("\uFEFFあ𠮷\r\n ", 13, 6));
        assertThat(EvaluationText.read(file)).isEqualTo(EvaluationText.read(file, 13));
    }

    @Test
    void whatIsNoTextIsSaid() throws IOException {
        Path file = Files.createFile(folder.resolve("text"));
        failsWith(file, 13, "is empty");
        Files.write(file, new byte[] {'a', (byte) 0x82, (byte) 0xA0});
        failsWith(file, 13, "is not a text in UTF-8");
        Files.write(file, new byte[] {'a', (byte) 0xE3, (byte) 0x81});
        failsWith(file, 13, "is not a text in UTF-8");
        Files.writeString(file, "ああああa");
        failsWith(file, 12, "is larger than 12 B: take a part of it");
        failsWith(folder, 13, "is a folder");
        failsWith(folder.resolve("none"), 13, "there is no file");
    }

    private static void failsWith(Path file, int most, String message) {
        assertThatThrownBy(() -> EvaluationText.read(file, most))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }
}
