package org.jllm.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.AudioCapabilities;
import org.jllm.encoding.AudioCapabilities.Window;

/** HuBERT: {@code hubert.py}. Fields and defaults are those of Transformers' {@code HubertConfig}. */
final class HubertArchitecture {
    static final String MODEL_TYPE = "hubert";

    /** Two minutes at 50 frames a second; the first convolution alone makes 400 MB of a minute. */
    private static final int MOST_FRAMES = 6_000;

    private static final String PREFIX = "hubert.";
    private static final DecoderSizes DEFAULTS = BertParts.defaults(32, 768, 12, 12, MOST_FRAMES);

    /** What training masks frames with, and the heads of other tasks. */
    private static final Predicate<String> WITHOUT_MEANING = Pattern.compile(
                    "(hubert\\.)?masked_spec_embed|.*\\.num_batches_tracked|(lm_head|projector|classifier)\\..*|layer_weights")
            .asMatchPredicate();

    private HubertArchitecture() {}

    /**
     * The plan of a configuration.
     *
     * @throws UnsupportedModelException if it is of another architecture, or asks for something that the script does not do
     * @throws InvalidModelException if fields contradict each other
     */
    static AudioPlan plan(ModelConfig config) {
        if (!config.modelType().equals(MODEL_TYPE)) {
            throw new UnsupportedModelException("model_type '" + config.modelType()
                    + "' is not one that hears sound in this version; known is " + MODEL_TYPE);
        }
        if (config.has("adapter_attn_dim")) {
            throw new UnsupportedModelException(
                    "config.json: adapter_attn_dim: adapters of languages are not supported");
        }
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        sizes.headSize();
        String activation = config.stringOr("feat_extract_activation", "gelu");
        AudioPlanBuilder plan = new AudioPlanBuilder(MODEL_TYPE)
                .names(HubertArchitecture::today)
                .ignore(WITHOUT_MEANING)
                .integer("heads", sizes.heads())
                .integer("layers", sizes.layers())
                .activation(config.stringOr("hidden_act", "gelu"))
                .integer("conv_activation", Activation.of(activation).ordinal())
                .number("epsilon", config.doubleOr("layer_norm_eps", 1e-5, 0, 1))
                .flag("pre_norm", config.boolOr("do_stable_layer_norm", false));
        List<Window> windows = convolutions(plan, config, sizes.hidden());
        positions(plan, config, sizes.hidden());
        layers(plan, config, sizes);
        return plan.build(new AudioCapabilities(sizes.hidden(), windows, MOST_FRAMES));
    }

    /** Releases of PyTorch since 2.1 name the length and the direction of a normed weight otherwise. */
    private static String today(String name) {
        return name.replace(".conv.parametrizations.weight.original0", ".conv.weight_g")
                .replace(".conv.parametrizations.weight.original1", ".conv.weight_v");
    }

    private static List<Window> convolutions(AudioPlanBuilder plan, ModelConfig config, int hidden) {
        List<Integer> channels = config.intsOr("conv_dim", List.of(512, 512, 512, 512, 512, 512, 512), 1, 1 << 16);
        List<Integer> kernels = config.intsOr("conv_kernel", List.of(10, 3, 3, 3, 3, 2, 2), 1, 1 << 16);
        List<Integer> strides = config.intsOr("conv_stride", List.of(5, 2, 2, 2, 2, 2, 2), 1, 1 << 16);
        if (channels.isEmpty() || kernels.size() != channels.size() || strides.size() != channels.size()) {
            throw new InvalidModelException(
                    "config.json: conv_dim, conv_kernel and conv_stride must say as much of every"
                            + " convolution, but have " + channels.size() + ", " + kernels.size() + " and "
                            + strides.size()
                            + " entries");
        }
        boolean overTime = normOverTime(config);
        boolean bias = config.boolOr("conv_bias", false);
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            String name = PREFIX + "feature_extractor.conv_layers." + i + '.';
            plan.tensor(name + "conv.weight", channels.get(i), i == 0 ? 1 : channels.get(i - 1), kernels.get(i));
            if (bias) {
                plan.tensor(name + "conv.bias", channels.get(i));
            }
            if (i == 0 || !overTime) {
                plan.layerNorm(name + "layer_norm", channels.get(i));
            }
            windows.add(new Window(kernels.get(i), strides.get(i)));
        }
        int last = channels.get(channels.size() - 1);
        if (config.boolOr("feat_proj_layer_norm", true)) {
            plan.layerNorm(PREFIX + "feature_projection.layer_norm", last);
        }
        plan.linear(PREFIX + "feature_projection.projection", hidden, last, true)
                .list("strides", strides.stream().mapToLong(stride -> stride).toArray())
                .flag("norm_over_time", overTime);
        return windows;
    }

    /** Whether the first convolution alone has a norm, over the time of each channel. */
    private static boolean normOverTime(ModelConfig config) {
        String norm = config.stringOr("feat_extract_norm", "group");
        return switch (norm) {
            case "group" -> true;
            case "layer" -> false;
            default ->
                throw new UnsupportedModelException("config.json: feat_extract_norm '" + norm
                        + "' is not one that HuBERT has; those are group, layer");
        };
    }

    private static void positions(AudioPlanBuilder plan, ModelConfig config, int hidden) {
        int kernel = config.intOr("num_conv_pos_embeddings", 128, 1, 1 << 16);
        int groups = config.intOr("num_conv_pos_embedding_groups", 16, 1, DecoderSizes.MOST);
        if (hidden % groups != 0) {
            throw new InvalidModelException("config.json: hidden_size " + hidden
                    + " is no multiple of num_conv_pos_embedding_groups " + groups);
        }
        String name = PREFIX + "encoder.pos_conv_embed.";
        plan.integer("position_groups", groups).tensor(name + "conv.bias", hidden);
        if (!config.boolOr("conv_pos_batch_norm", false)) {
            plan.tensor(name + "conv.weight_g", 1, 1, kernel)
                    .tensor(name + "conv.weight_v", hidden, hidden / groups, kernel);
            return;
        }
        plan.tensor(name + "conv.weight", hidden, hidden / groups, kernel)
                .layerNorm(name + "batch_norm", hidden)
                .tensor(name + "batch_norm.running_mean", hidden)
                .tensor(name + "batch_norm.running_var", hidden);
    }

    private static void layers(AudioPlanBuilder plan, ModelConfig config, DecoderSizes sizes) {
        int hidden = sizes.hidden();
        int inner = config.intOr("intermediate_size", 3_072, 1, DecoderSizes.MOST);
        plan.layerNorm(PREFIX + "encoder.layer_norm", hidden);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = PREFIX + "encoder.layers." + layer + '.';
            for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                plan.linear(name + "attention." + projection, hidden, hidden, true);
            }
            plan.stack(name + "attention.", "q_proj", "k_proj", "v_proj")
                    .layerNorm(name + "layer_norm", hidden)
                    .linear(name + "feed_forward.intermediate_dense", inner, hidden, true)
                    .linear(name + "feed_forward.output_dense", hidden, inner, true)
                    .layerNorm(name + "final_layer_norm", hidden);
        }
    }
}
