package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.LoadOptions;
import org.jllm.encoding.AudioBackend;
import org.jllm.verify.Verdict;
import org.jllm.verify.Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HuBERT: the names of newer files, and waveforms that it cannot hear. */
class HubertTest {
    private static final String CASE = "hubert_layer_norm";
    private static final String CONVOLUTION = "encoder.pos_conv_embed.conv.";

    @TempDir
    private Path temporary;

    @Test
    void readsTheNamesOfNewerFiles() throws IOException {
        Path folder = GoldenModel.copy(CASE, temporary.resolve("model"));
        for (String file : List.of(Verifier.FILE, "waveform_0.f32", "waveform_1.f32")) {
            Files.copy(GoldenModel.folder(CASE).resolve(file), folder.resolve(file));
        }
        GoldenModel.changeHeader(folder, 0, header -> {
            rename(header, "weight_g", "parametrizations.weight.original0");
            rename(header, "weight_v", "parametrizations.weight.original1");
        });
        Verdict verdict = new Verifier(new TransformersLoader()).verify(folder);
        assertThat(verdict.detail()).isEmpty();
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.PASS);
    }

    private static void rename(ObjectNode header, String old, String name) {
        header.set(CONVOLUTION + name, header.remove(CONVOLUTION + old));
    }

    @Test
    void saysWhatItCannotHear() {
        AudioBackend model = new TransformersLoader().loadAudioEncoder(GoldenModel.folder(CASE), LoadOptions.none());
        try (model) {
            assertThat(model.capabilities().frames(399)).isZero();
            assertThat(model.capabilities().frames(400)).isEqualTo(1);
            assertThat(model.encode(List.of(new float[400])).get(0).hiddenStates())
                    .hasNumberOfRows(1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.encode(List.of(new float[16_000], new float[399])))
                    .withMessage("a waveform of 399 samples is too short for one frame");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.encode(List.of(new float[10_000_000])))
                    .withMessageContaining("more than the 6000 of a batch");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.encode(List.of()))
                    .withMessage("a batch needs at least one waveform");
        }
        model.close();
        assertThatIllegalStateException().isThrownBy(() -> model.encode(List.of(new float[400])));
    }
}
