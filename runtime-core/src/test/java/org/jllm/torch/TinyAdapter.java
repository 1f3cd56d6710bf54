package org.jllm.torch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jllm.api.LoraAdapter;

/**
 * A random adapter in PEFT form, written tensor by tensor, while the base that is given is merged with it in double
 * precision.
 */
final class TinyAdapter {
    final TinyFile file = new TinyFile();
    private final TinyModel merged;
    private final Random random;
    private final String suffix;
    final ObjectNode config;

    /** @param suffix what stands behind {@code lora_A}: nothing, or the adapter's name with a dot before it */
    TinyAdapter(TinyModel merged, long seed, String suffix, String config) {
        this.merged = merged;
        this.random = new Random(seed);
        this.suffix = suffix;
        try {
            this.config = (ObjectNode) TinyModel.JSON.readTree(
                    "{\"peft_type\": \"LORA\", \"task_type\": \"CAUSAL_LM\", \"r\": 4, \"lora_alpha\": 6, \"bias\": \"none\","
                            + " \"lora_dropout\": 0.05, \"inference_mode\": true, \"base_model_name_or_path\": \"some/base\","
                            + " \"fan_in_fan_out\": false, \"modules_to_save\": null, \"target_modules\": null}");
            this.config.setAll((ObjectNode) TinyModel.JSON.readTree(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An update of a matrix. */
    TinyAdapter update(String module, int rank, double scale) {
        int inputs = (int) merged.inputs(module);
        int outputs = (int) merged.outputs(module);
        double[] a = TinyModel.values(random, rank * inputs, 0);
        double[] b = TinyModel.values(random, outputs * rank, 0);
        String name = "base_model.model." + module + ".lora_";
        file.float32(name + "A" + suffix + ".weight", a, rank, inputs);
        file.float32(name + "B" + suffix + ".weight", b, outputs, rank);
        add(module, a, b, rank, scale, false);
        return this;
    }

    /** An update of embeddings, [tokens, width]: A is [rank, tokens], B is [width, rank]. */
    TinyAdapter updateEmbedding(String module, int rank, double scale) {
        int tokens = (int) merged.outputs(module);
        int width = (int) merged.inputs(module);
        double[] a = TinyModel.values(random, rank * tokens, 0);
        double[] b = TinyModel.values(random, width * rank, 0);
        String name = "base_model.model." + module + ".lora_embedding_";
        file.float32(name + "A" + suffix, a, rank, tokens);
        file.float32(name + "B" + suffix, b, width, rank);
        add(module, a, b, rank, scale, true);
        return this;
    }

    private void add(String module, double[] a, double[] b, int rank, double scale, boolean embedding) {
        int inputs = (int) merged.inputs(module);
        int outputs = (int) merged.outputs(module);
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                double sum = 0;
                for (int k = 0; k < rank; k++) {
                    sum += embedding ? b[i * rank + k] * a[k * outputs + o] : b[o * rank + k] * a[k * inputs + i];
                }
                merged.set(module, o, i, merged.get(module, o, i) + scale * sum);
            }
        }
    }

    /** A tensor in place of the base's. */
    TinyAdapter replace(String target, String nameInFile) {
        double[] values = TinyModel.values(random, merged.weight(target).length, 0);
        System.arraycopy(values, 0, merged.weight(target), 0, values.length);
        file.float32("base_model.model." + nameInFile, values, merged.sizes(target));
        return this;
    }

    LoraAdapter write(Path folder) {
        return write(folder, 1);
    }

    LoraAdapter write(Path folder, float scale) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("adapter_config.json"), TinyModel.JSON.writeValueAsString(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file.write(folder.resolve("adapter_model.safetensors"));
        return new LoraAdapter(folder, scale);
    }
}
