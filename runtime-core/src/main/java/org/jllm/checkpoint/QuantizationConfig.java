package org.jllm.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;

/**
 * How GPTQ matrices of a repository are packed: {@code quantization_config} of {@code config.json}, else
 * {@code quantize_config.json}, which AutoGPTQ wrote before.
 *
 * @param name of the file or part of it, for errors
 * @param bits 2, 3, 4 or 8
 * @param groupSize inputs that share a scale, or -1: all of a matrix do
 * @param actOrder whether groups are of inputs in another order than the stored one, which {@code g_idx} gives
 * @param zeroOffset 1 where stored zero points are one less than the real ones, else 0
 */
record QuantizationConfig(String name, int bits, int groupSize, boolean actOrder, int zeroOffset) {
    static final String FILE = "quantize_config.json";
    private static final Set<Integer> BITS = Set.of(2, 3, 4, 8);

    /**
     * The configuration of a folder; empty if it has none, or none for GPTQ: tensors of bitsandbytes describe themselves.
     *
     * @throws UnsupportedModelException if it names another method, or a form of GPTQ that is not read
     */
    static Optional<QuantizationConfig> read(Path folder, ModelConfig model) {
        Optional<ModelConfig> inModel = model.object("quantization_config");
        if (inModel.isPresent()) {
            return of(inModel.get(), model.name() + ": quantization_config");
        }
        Path file = folder.resolve(FILE);
        return Files.exists(file) ? of(ModelConfig.readFile(file), file.toString()) : Optional.empty();
    }

    /** The name that AutoGPTQ gave to the file of the weights, without its ending; empty if the folder says none. */
    static Optional<String> weightFile(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ModelConfig config = ModelConfig.readFile(file);
        String given = config.stringOr("model_file_base_name", "");
        if (!given.matches("[^/\\\\:\\p{Cc}]*")) {
            throw new InvalidModelException(file + ": model_file_base_name is no name of a file beside it");
        }
        return Optional.of(
                given.isEmpty()
                        ? "gptq_model-" + config.intOr("bits", 4, 1, 32) + "bit-"
                                + config.intOr("group_size", -1, -1, 1 << 24) + "g"
                        : given);
    }

    private static Optional<QuantizationConfig> of(ModelConfig config, String name) {
        String guessed = config.has("load_in_4bit") || config.has("load_in_8bit") ? "bitsandbytes" : "gptq";
        String method = config.stringOr("quant_method", guessed);
        if (method.equals("bitsandbytes")) {
            return Optional.empty();
        }
        if (!method.equals("gptq")) {
            throw new UnsupportedModelException(name + ": the quantisation method '" + StrictJson.bounded(method)
                    + "' is not supported; gptq and bitsandbytes are");
        }
        String format = config.stringOr("checkpoint_format", config.stringOr("format", "gptq"));
        if ((!format.equals("gptq") && !format.equals("gptq_v2"))
                || config.boolOr("is_marlin_format", false)
                || !config.stringOr("pack_dtype", "int32").equals("int32")) {
            throw new UnsupportedModelException(
                    name + ": of GPTQ only the forms gptq and gptq_v2 in words of 32 bits are" + " supported, not '"
                            + StrictJson.bounded(format) + "' with marlin or other words");
        }
        if (config.object("dynamic").filter(rules -> !rules.isEmpty()).isPresent()) {
            throw new UnsupportedModelException(
                    name + ": GPTQ with other settings for some of the modules (dynamic) is not supported");
        }
        config.boolOr("sym", true);
        config.requireAll("bits", "group_size");
        int bits = config.intOr("bits", 4, 1, 32);
        if (!BITS.contains(bits)) {
            throw new UnsupportedModelException(
                    name + ": GPTQ of " + bits + " bits is not supported; 2, 3, 4 and 8 are");
        }
        int groupSize = config.intOr("group_size", -1, -1, 1 << 24);
        if (groupSize == 0) {
            throw new InvalidModelException(name + ": group_size must be -1 or at least 1, not 0");
        }
        return Optional.of(new QuantizationConfig(
                name, bits, groupSize, config.boolOr("desc_act", false), format.equals("gptq_v2") ? 0 : 1));
    }
}
