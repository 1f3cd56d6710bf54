package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.jllm.api.LoraAdapter;
import org.jllm.checkpoint.pack.KeptPack;
import org.jllm.checkpoint.pack.PackFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model whose matrices come from the disk computes, bit for bit, what it computes when they are packed anew. */
class PackedMatricesTest {
    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");

    @TempDir
    private Path temp;

    private static List<float[]> outputs(
            Path model, Quantization quantization, PackFolder packs, LoraAdapter... adapters) {
        PreparedModel prepared = PreparedModel.of(model, List.of(adapters));
        WeightForm form = new WeightForm(Precision.FLOAT32, quantization, false, "cpu", packs);
        TorchDecoder.Settings settings = new TorchDecoder.Settings(form, 1, 64, 1 << 20);
        long handles = LibTorch.get().liveHandles();
        try (TorchDecoder decoder = new TorchDecoder(LibTorch.get(), prepared.weights(), prepared.plan(), settings)) {
            return QuantizedRun.logits(decoder, 1, 3, 42, 55, 12, 55, 23, 4);
        } finally {
            assertThat(LibTorch.get().liveHandles()).isEqualTo(handles);
        }
    }

    private static void assertSame(List<float[]> found, List<float[]> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).as("row %d", i).isEqualTo(expected.get(i));
        }
    }

    private PackFolder packs() {
        return PackFolder.at(temp.resolve("packs"), null);
    }

    private PackFolder none() {
        return PackFolder.at(temp.resolve("packs"), 0L);
    }

    /** Whether the one pack was used since it was called old. */
    private boolean wasUsed() {
        return packs().all().get(0).used().isAfter(LONG_AGO);
    }

    private Path callOld() throws IOException {
        assertThat(packs().all()).hasSize(1);
        Path file = packs().all().get(0).file();
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        return file;
    }

    @ParameterizedTest
    @CsvSource({"llama, INT8", "gpt2, INT8", "gpt_neox, INT8", "llama, FP16", "gpt2, FP16"})
    void theSecondLoadReadsWhatTheFirstHasKept(String architecture, Quantization quantization) throws IOException {
        Path model = TinyModel.random(architecture, 60).write(temp.resolve("model"));
        List<float[]> expected = outputs(model, quantization, none());
        assertThat(packs().all()).isEmpty();
        assertSame(outputs(model, quantization, packs()), expected);
        callOld();
        assertSame(outputs(model, quantization, packs()), expected);
        assertThat(wasUsed()).isTrue();
        assertThat(packs().all()).singleElement().matches(pack -> pack.isOf(model));
    }

    /** Of three matrices with the same rows one has an unusual input, so that each is packed alone. */
    @Test
    void aStackThatIsNotOne() throws IOException {
        TinyModel tiny = TinyModel.random(TinyModel.LLAMA, 61);
        for (int output = 0; output < 32; output++) {
            tiny.set(
                    "model.layers.1.self_attn.k_proj",
                    output,
                    5,
                    200 * tiny.get("model.layers.1.self_attn.k_proj", output, 5));
        }
        Path model = tiny.write(temp.resolve("model"));
        List<float[]> expected = outputs(model, Quantization.INT8, none());
        assertSame(outputs(model, Quantization.INT8, packs()), expected);
        callOld();
        assertSame(outputs(model, Quantization.INT8, packs()), expected);
        assertThat(wasUsed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.3, 0.6, 0.9999})
    void aDamagedPackIsMadeAnew(double place) throws IOException {
        Path model = TinyModel.random(TinyModel.LLAMA, 62).write(temp.resolve("model"));
        List<float[]> expected = outputs(model, Quantization.INT8, packs());
        Path file = callOld();
        byte[] sound = Files.readAllBytes(file);
        byte[] damaged = sound.clone();
        int begin = (int) (place * damaged.length);
        for (int i = begin; i < Math.min(damaged.length, begin + damaged.length / 5); i++) {
            damaged[i] ^= 1;
        }
        Files.write(file, damaged);
        assertSame(outputs(model, Quantization.INT8, packs()), expected);
        assertThat(Files.readAllBytes(file)).isEqualTo(sound);
    }

    @Test
    void aChangedModelNeverUsesAnOldPack() throws IOException {
        Path model = TinyModel.random(TinyModel.LLAMA, 63).write(temp.resolve("model"));
        outputs(model, Quantization.INT8, packs());
        FileTime time = Files.getLastModifiedTime(model.resolve("model.safetensors"));
        TinyModel.random(TinyModel.LLAMA, 64).write(temp.resolve("model"));
        Files.setLastModifiedTime(model.resolve("model.safetensors"), time);
        assertSame(outputs(model, Quantization.INT8, packs()), outputs(model, Quantization.INT8, none()));
        assertThat(packs().all()).singleElement().matches(pack -> !pack.obsolete());
    }

    @Test
    void formsAreKeptBesideEachOther() {
        Path model = TinyModel.random(TinyModel.LLAMA, 65).write(temp.resolve("model"));
        outputs(model, Quantization.INT8, packs());
        outputs(model, Quantization.FP16, packs());
        assertThat(packs().all()).extracting(KeptPack::form).containsExactlyInAnyOrder("int8", "fp16");
    }

    @Test
    void withAnAdapterNothingIsKept() {
        TinyModel tiny = TinyModel.random(TinyModel.LLAMA, 66);
        Path model = tiny.write(temp.resolve("model"));
        TinyAdapter adapter = new TinyAdapter(tiny, 67, "", "{}");
        tiny.matrices().forEach(module -> adapter.update(module, 4, 1.5));
        LoraAdapter lora = adapter.write(temp.resolve("adapter"));
        outputs(model, Quantization.INT8, packs(), lora);
        assertThat(packs().all()).isEmpty();
    }

    @Test
    void aPackThatGoesWhileItsModelRunsIsNotMissed() throws IOException {
        Path model = TinyModel.random(TinyModel.LLAMA, 68).write(temp.resolve("model"));
        List<float[]> expected = outputs(model, Quantization.INT8, packs());
        Path file = callOld();
        PreparedModel prepared = PreparedModel.of(model, List.of());
        WeightForm form = new WeightForm(Precision.FLOAT32, Quantization.INT8, false, "cpu", packs());
        TorchDecoder.Settings settings = new TorchDecoder.Settings(form, 1, 64, 1 << 20);
        try (TorchDecoder decoder = new TorchDecoder(LibTorch.get(), prepared.weights(), prepared.plan(), settings)) {
            assertThat(wasUsed()).isTrue();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate((int) channel.size()), 0);
                channel.truncate(0);
            }
            assertSame(QuantizedRun.logits(decoder, 1, 3, 42, 55, 12, 55, 23, 4), expected);
        }
    }
}
