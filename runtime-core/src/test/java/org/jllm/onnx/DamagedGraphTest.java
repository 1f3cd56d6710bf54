package org.jllm.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what they should be end in one line, and never the process. */
class DamagedGraphTest {
    @TempDir
    private Path folder;

    private static byte[] sound() {
        return TinyGraph.lookup(TinyGraph.INT64)
                .input("attention_mask", TinyGraph.INT64, "batch", "tokens")
                .node("Cast", List.of("attention_mask"), List.of("mask"), TinyGraph.whole("to", TinyGraph.FLOAT))
                .node("ReduceSum", List.of("mask"), List.of("length"), TinyGraph.wholes("axes", 1))
                .node("Identity", List.of("length"), List.of("sentence_embedding"))
                .operators(11)
                .output("sentence_embedding", TinyGraph.FLOAT, "batch", 1)
                .states("states", "last_hidden_state")
                .bytes();
    }

    private void use(byte[] bytes) throws IOException {
        Files.write(folder.resolve("model.onnx"), bytes);
        try (EncoderBackend backend = new OnnxLoader().loadEncoder(folder, LoadOptions.none())) {
            backend.encode(
                    List.of(EncoderInput.of(new int[] {1, 2}), EncoderInput.of(new int[] {3})),
                    EnumSet.copyOf(backend.capabilities().outputs()));
        }
    }

    @Test
    void theSoundOneWorks() throws IOException {
        use(sound());
        assertThat(Files.size(folder.resolve("model.onnx"))).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no graph at all", "{\"model\": 1}", "\u0001\u0002\u0003"})
    void otherFilesAreNamed(String text) {
        assertThatThrownBy(() -> use(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("model.onnx")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void cutFilesAreRefused() {
        byte[] sound = sound();
        for (int length = 0; length < sound.length - 8; length += 3) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThatThrownBy(() -> use(cut)).isInstanceOf(JllmException.class);
        }
    }

    @Test
    void changedBytesNeverEndTheProcess() throws IOException {
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 600; i++) {
            byte[] changed = sound();
            int changes = 1 + random.nextInt(3);
            for (int j = 0; j < changes; j++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            try {
                use(changed);
            } catch (JllmException | IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotNull().doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(300);
    }
}
