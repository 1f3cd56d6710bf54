package org.jllm.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;

/**
 * Mamba: {@code mamba.py}. Fields and defaults are those of Transformers' {@code MambaConfig}, or of the {@code mamba_ssm}
 * package's class of the same name, which says {@code d_model}, {@code n_layer} and {@code ssm_cfg} and no model_type.
 */
final class MambaArchitecture implements Architecture {
    private static final int MOST = 1 << 20;
    /** A state has no end. */
    private static final int LONGEST_CONTEXT = 1 << 24;
    /** No configuration says for how many positions a model was trained; this is what the first ones were. */
    private static final int CONTEXT = 2_048;

    /** What both kinds of configuration say, in the words of Transformers. */
    private record Shape(
            int hidden,
            int layers,
            int vocabulary,
            int inner,
            int state,
            int kernel,
            int rank,
            boolean bias,
            boolean convolutionBias,
            String activation,
            boolean rmsNorm,
            double epsilon,
            boolean residualInFloat32,
            boolean tied) {}

    @Override
    public Set<String> modelTypes() {
        return Set.of("mamba");
    }

    @Override
    public boolean recognizes(ModelConfig config) {
        return config.has("d_model") && config.has("n_layer");
    }

    private static String tensorName(String stored) {
        String name = stored.startsWith("backbone.") || stored.startsWith("lm_head.") ? stored : "backbone." + stored;
        return name.equals("backbone.embedding.weight") ? "backbone.embeddings.weight" : name;
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        Shape shape = config.has("d_model") ? original(config) : transformers(config);
        int inner = shape.inner;
        List<TensorSpec> tensors = new ArrayList<>();
        tensors.add(TensorSpec.of("backbone.embeddings.weight", shape.vocabulary, shape.hidden));
        for (int layer = 0; layer < shape.layers; layer++) {
            String mixer = "backbone.layers." + layer + ".mixer.";
            norm(tensors, "backbone.layers." + layer + ".norm", shape);
            tensors.add(TensorSpec.matrix(mixer + "in_proj.weight", 2L * inner, shape.hidden));
            tensors.add(TensorSpec.float32(mixer + "conv1d.weight", inner, 1, shape.kernel));
            tensors.add(TensorSpec.of(mixer + "x_proj.weight", shape.rank + 2L * shape.state, inner));
            tensors.add(TensorSpec.of(mixer + "dt_proj.weight", inner, shape.rank));
            tensors.add(TensorSpec.of(mixer + "dt_proj.bias", inner));
            tensors.add(TensorSpec.float32(mixer + "A_log", inner, shape.state));
            tensors.add(TensorSpec.float32(mixer + "D", inner));
            tensors.add(TensorSpec.matrix(mixer + "out_proj.weight", shape.hidden, inner));
            if (shape.convolutionBias) {
                tensors.add(TensorSpec.float32(mixer + "conv1d.bias", inner));
            }
            if (shape.bias) {
                tensors.add(TensorSpec.of(mixer + "in_proj.bias", 2L * inner));
                tensors.add(TensorSpec.of(mixer + "out_proj.bias", shape.hidden));
            }
        }
        norm(tensors, "backbone.norm_f", shape);
        String head = shape.tied ? "backbone.embeddings.weight" : "lm_head.weight";
        tensors.add(TensorSpec.matrix(head, shape.vocabulary, shape.hidden));
        return new DecoderPlan(
                "mamba",
                tensors,
                MambaArchitecture::tensorName,
                name -> shape.tied && name.equals("lm_head.weight"),
                new CacheShape.RecurrentState(shape.layers, (shape.kernel - 1L + shape.state) * inner, 0),
                shape.hidden,
                shape.vocabulary,
                CONTEXT,
                LONGEST_CONTEXT,
                Map.of(
                        "layers", (long) shape.layers,
                        "inner", (long) inner,
                        "state", (long) shape.state,
                        "rank", (long) shape.rank,
                        "activation", (long) Activation.of(shape.activation).ordinal(),
                        "rms_norm", shape.rmsNorm ? 1L : 0L,
                        "residual_in_float32", shape.residualInFloat32 ? 1L : 0L,
                        "tied", shape.tied ? 1L : 0L),
                Map.of("epsilon", shape.epsilon),
                Map.of());
    }

    private static void norm(List<TensorSpec> tensors, String name, Shape shape) {
        tensors.add(TensorSpec.of(name + ".weight", shape.hidden));
        if (!shape.rmsNorm) {
            tensors.add(TensorSpec.of(name + ".bias", shape.hidden));
        }
    }

    private static Shape transformers(ModelConfig config) {
        int hidden = config.intOr("hidden_size", 768, 1, MOST);
        return new Shape(
                hidden,
                config.intOr("num_hidden_layers", 32, 1, 10_000),
                config.intOr("vocab_size", 50_280, 1, 1 << 24),
                config.intOr("intermediate_size", inner(config, hidden), 1, 1 << 24),
                config.intOr("state_size", 16, 1, MOST),
                config.intOr("conv_kernel", 4, 1, MOST),
                rank(config, "time_step_rank", hidden),
                config.boolOr("use_bias", false),
                config.boolOr("use_conv_bias", true),
                config.stringOr("hidden_act", "silu"),
                true,
                config.doubleOr("layer_norm_epsilon", 1e-5, 0, 1),
                config.boolOr("residual_in_fp32", true),
                config.boolOr("tie_word_embeddings", true));
    }

    private static Shape original(ModelConfig config) {
        if (config.intOr("d_intermediate", 0, 0, 1 << 24) > 0 || !config.isEmptyList("attn_layer_idx")) {
            throw new UnsupportedModelException(
                    "config.json: d_intermediate and attn_layer_idx ask for layers that are not Mamba's");
        }
        ModelConfig layer = config.object("ssm_cfg").orElse(ModelConfig.parse("{}", "ssm_cfg"));
        if (!layer.stringOr("layer", "Mamba1").equals("Mamba1")) {
            throw new UnsupportedModelException(
                    "config.json: ssm_cfg asks for layers of the kind " + layer.stringOr("layer", "") + ", not Mamba1");
        }
        int hidden = config.intOr("d_model", 2_560, 1, MOST);
        int vocabulary = config.intOr("vocab_size", 50_277, 1, 1 << 24);
        int multiple = config.intOr("pad_vocab_size_multiple", 8, 1, MOST);
        return new Shape(
                hidden,
                config.intOr("n_layer", 64, 1, 10_000),
                (vocabulary + multiple - 1) / multiple * multiple,
                inner(layer, hidden),
                layer.intOr("d_state", 16, 1, MOST),
                layer.intOr("d_conv", 4, 1, MOST),
                rank(layer, "dt_rank", hidden),
                layer.boolOr("bias", false),
                layer.boolOr("conv_bias", true),
                "silu",
                config.boolOr("rms_norm", true),
                1e-5,
                config.boolOr("residual_in_fp32", true),
                config.boolOr("tie_embeddings", true));
    }

    private static int inner(ModelConfig config, int hidden) {
        int inner = (int) (config.doubleOr("expand", 2, 0, 1_024) * hidden);
        if (inner < 1) {
            throw new InvalidModelException("config.json: expand leaves nothing of " + hidden + " numbers");
        }
        return inner;
    }

    private static int rank(ModelConfig config, String field, int hidden) {
        int otherwise = (hidden + 15) / 16;
        return config.is(field, "auto") ? otherwise : config.intOr(field, otherwise, 1, MOST);
    }
}
