package org.jllm.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StoredTensor;

/**
 * RWKV version 4: {@code rwkv.py}. Fields and defaults are those of Transformers' {@code RwkvConfig}; tensors may have the
 * names of Transformers or those of the {@code .pth} files.
 */
final class RwkvArchitecture implements Architecture {
    private static final int MOST = 1 << 20;
    /** A state has no end. */
    private static final int LONGEST_CONTEXT = 1 << 24;

    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\.(ln0|att|ffn|ln1|ln2)\\.(.*)");
    private static final Map<String, String> PARTS = Map.of("ln0", "pre_ln", "att", "attention", "ffn", "feed_forward");
    private static final Map<String, String> MIXES =
            Map.of("time_mix_k", "time_mix_key", "time_mix_v", "time_mix_value", "time_mix_r", "time_mix_receptance");

    @Override
    public Set<String> modelTypes() {
        return Set.of("rwkv");
    }

    private static String tensorName(String stored) {
        if (stored.startsWith("rwkv.") || stored.startsWith("head.")) {
            return stored;
        }
        if (stored.equals("emb.weight")) {
            return "rwkv.embeddings.weight";
        }
        Matcher block = BLOCK.matcher(stored);
        if (!block.matches()) {
            return "rwkv." + stored;
        }
        String part = block.group(2);
        String rest = block.group(3);
        return "rwkv.blocks." + block.group(1) + '.' + PARTS.getOrDefault(part, part) + '.'
                + MIXES.getOrDefault(rest, rest);
    }

    /** The {@code .pth} files come without a configuration: their shapes say it, but for the context, which is World's. */
    @Override
    public Optional<String> configurationOf(Map<String, StoredTensor> tensors) {
        List<Long> embeddings = shape(tensors, "emb.weight");
        List<Long> key = shape(tensors, "blocks.0.att.key.weight");
        List<Long> channelKey = shape(tensors, "blocks.0.ffn.key.weight");
        if (embeddings.size() != 2
                || key.size() != 2
                || channelKey.size() != 2
                || !tensors.containsKey("blocks.0.att.time_first")) {
            return Optional.empty();
        }
        long layers = tensors.keySet().stream()
                .map(BLOCK::matcher)
                .filter(Matcher::matches)
                .map(block -> block.group(1))
                .distinct()
                .count();
        return Optional.of("""
                {"model_type": "rwkv", "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d,
                 "attention_hidden_size": %d, "intermediate_size": %d, "context_length": 4096}""".formatted(embeddings.get(0), embeddings.get(1), layers, key.get(0), channelKey.get(0)));
    }

    private static List<Long> shape(Map<String, StoredTensor> tensors, String name) {
        StoredTensor tensor = tensors.get(name);
        return tensor == null ? List.of() : tensor.shape();
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        int hidden = config.intOr("hidden_size", 4_096, 1, MOST);
        int layers = config.intOr("num_hidden_layers", 32, 1, 10_000);
        int attention = config.intOr("attention_hidden_size", hidden, 1, MOST);
        int intermediate = config.intOr("intermediate_size", 4 * hidden, 1, 1 << 24);
        int vocabulary = config.intOr("vocab_size", 50_277, 1, 1 << 24);
        boolean tied = config.boolOr("tie_word_embeddings", false);
        List<TensorSpec> tensors = new ArrayList<>();
        tensors.add(TensorSpec.of("rwkv.embeddings.weight", vocabulary, hidden));
        norm(tensors, "rwkv.blocks.0.pre_ln", hidden);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "rwkv.blocks." + layer + '.';
            norm(tensors, prefix + "ln1", hidden);
            norm(tensors, prefix + "ln2", hidden);
            String time = prefix + "attention.";
            tensors.add(TensorSpec.float32(time + "time_decay", attention));
            tensors.add(TensorSpec.float32(time + "time_first", attention));
            for (String name : List.of("key", "value", "receptance")) {
                tensors.add(TensorSpec.of(time + "time_mix_" + name, 1, 1, hidden));
                tensors.add(TensorSpec.matrix(time + name + ".weight", attention, hidden));
            }
            tensors.add(TensorSpec.matrix(time + "output.weight", hidden, attention));
            String channel = prefix + "feed_forward.";
            tensors.add(TensorSpec.of(channel + "time_mix_key", 1, 1, hidden));
            tensors.add(TensorSpec.of(channel + "time_mix_receptance", 1, 1, hidden));
            tensors.add(TensorSpec.matrix(channel + "key.weight", intermediate, hidden));
            tensors.add(TensorSpec.matrix(channel + "receptance.weight", hidden, hidden));
            tensors.add(TensorSpec.matrix(channel + "value.weight", hidden, intermediate));
        }
        norm(tensors, "rwkv.ln_out", hidden);
        tensors.add(TensorSpec.matrix(tied ? "rwkv.embeddings.weight" : "head.weight", vocabulary, hidden));
        return new DecoderPlan(
                "rwkv",
                tensors,
                RwkvArchitecture::tensorName,
                name -> tied && name.equals("head.weight"),
                new CacheShape.RecurrentState(layers, 2L * hidden + attention, attention),
                hidden,
                vocabulary,
                config.intOr("context_length", 1_024, 1, LONGEST_CONTEXT),
                LONGEST_CONTEXT,
                Map.of(
                        "layers", (long) layers,
                        "hidden", (long) hidden,
                        "attention", (long) attention,
                        "rescale_every", (long) config.intOr("rescale_every", 6, -MOST, MOST),
                        "tied", tied ? 1L : 0L),
                Map.of("epsilon", config.doubleOr("layer_norm_epsilon", 1e-5, 0, 1)),
                Map.of());
    }

    private static void norm(List<TensorSpec> tensors, String name, int size) {
        tensors.add(TensorSpec.of(name + ".weight", size));
        tensors.add(TensorSpec.of(name + ".bias", size));
    }
}
