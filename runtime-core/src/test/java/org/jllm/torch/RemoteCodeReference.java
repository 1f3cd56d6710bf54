package org.jllm.torch;

import java.util.Map;

/** PLaMo, Qwen 1 and Japanese StableLM Alpha by their descriptions, in plain arithmetic: all logits of a text. */
final class RemoteCodeReference {
    private final Map<String, float[]> weights;
    private final Map<String, Number> config;

    RemoteCodeReference(Map<String, float[]> weights, Map<String, Number> config) {
        this.weights = weights;
        this.config = config;
    }

    private int integer(String field) {
        return config.get(field).intValue();
    }

    private double number(String field) {
        return config.get(field).doubleValue();
    }

    private float[] weight(String name) {
        return weights.get(name);
    }

    private double[][] linear(double[][] x, String name) {
        float[] weight = weight(name + ".weight");
        float[] bias = weights.get(name + ".bias");
        double[][] y = ReferenceMath.product(x, weight, weight.length / x[0].length);
        return bias == null ? y : ReferenceMath.plusBias(y, bias);
    }

    /** Key head h modulo their number belongs to query head h. */
    double[][] plamo(int[] ids) {
        int hidden = integer("hidden_size");
        int heads = integer("num_attention_heads");
        int size = hidden / heads;
        double epsilon = number("rms_norm_eps");
        double[][] x = ReferenceMath.embedded(weight("model.embed_tokens.weight"), hidden, ids);
        for (int layer = 0; layer < integer("num_hidden_layers"); layer++) {
            String prefix = "model.layers.layers." + layer + '.';
            double[][] normed = ReferenceMath.rmsNorm(x, weight(prefix + "norm.weight"), epsilon);
            double[][] q = linear(normed, prefix + "self_attn.q_proj");
            double[][] k = linear(normed, prefix + "self_attn.k_proj");
            double[][] v = linear(normed, prefix + "self_attn.v_proj");
            int keyHeads = k[0].length / size;
            double[][] mixed = new double[ids.length][hidden];
            for (int head = 0; head < heads; head++) {
                int keyHead = head % keyHeads;
                ReferenceMath.attend(
                        turned(q, head * size, size),
                        turned(k, keyHead * size, size),
                        ReferenceMath.columns(v, keyHead * size, size),
                        mixed,
                        head * size);
            }
            double[][] gated = ReferenceMath.gated(
                    linear(normed, prefix + "mlp.up_proj"), linear(normed, prefix + "mlp.gate_proj"));
            x = ReferenceMath.plus(x, linear(mixed, prefix + "self_attn.o_proj"));
            x = ReferenceMath.plus(x, linear(gated, prefix + "mlp.down_proj"));
        }
        return linear(ReferenceMath.rmsNorm(x, weight("model.norm.weight"), epsilon), "lm_head");
    }

    private static double[][] turned(double[][] x, int from, int size) {
        return ReferenceMath.turn(ReferenceMath.columns(x, from, size), size, 10_000, (position, pair) -> 1);
    }

    /**
     * With the base that the model's code takes for a prompt of {@code length} tokens, and queries beyond {@code seq_length}
     * scaled by the logarithm of their number to that base.
     */
    double[][] qwen(int[] ids, int length) {
        int hidden = integer("hidden_size");
        int heads = integer("num_attention_heads");
        int size = hidden / heads;
        int trained = integer("seq_length");
        int turned = (int) (size * number("rotary_pct"));
        double epsilon = number("layer_norm_epsilon");
        double doublings = Math.ceil(Math.log((double) length / trained) / Math.log(2) + 1);
        double alpha = Math.max(Math.pow(2, doublings) - 1, 1);
        double theta = number("rotary_emb_base") * Math.pow(alpha, turned / (turned - 2.0));
        double[][] x = ReferenceMath.embedded(weight("transformer.wte.weight"), hidden, ids);
        for (int layer = 0; layer < integer("num_hidden_layers"); layer++) {
            String prefix = "transformer.h." + layer + '.';
            double[][] qkv =
                    linear(ReferenceMath.rmsNorm(x, weight(prefix + "ln_1.weight"), epsilon), prefix + "attn.c_attn");
            double[][] mixed = new double[ids.length][hidden];
            for (int head = 0; head < heads; head++) {
                int from = head * size;
                double[][] q = ReferenceMath.turn(
                        ReferenceMath.columns(qkv, from, size), turned, theta, (position, pair) -> 1);
                for (int position = trained; position < q.length; position++) {
                    for (int i = 0; i < size; i++) {
                        q[position][i] *= Math.log(position + 1) / Math.log(trained);
                    }
                }
                double[][] k = ReferenceMath.turn(
                        ReferenceMath.columns(qkv, hidden + from, size), turned, theta, (position, pair) -> 1);
                ReferenceMath.attend(q, k, ReferenceMath.columns(qkv, 2 * hidden + from, size), mixed, from);
            }
            x = ReferenceMath.plus(x, linear(mixed, prefix + "attn.c_proj"));
            double[][] normed = ReferenceMath.rmsNorm(x, weight(prefix + "ln_2.weight"), epsilon);
            double[][] gated =
                    ReferenceMath.gated(linear(normed, prefix + "mlp.w1"), linear(normed, prefix + "mlp.w2"));
            x = ReferenceMath.plus(x, linear(gated, prefix + "mlp.c_proj"));
        }
        return linear(ReferenceMath.rmsNorm(x, weight("transformer.ln_f.weight"), epsilon), "lm_head");
    }

    /** XPos: queries grow, keys shrink by ((2i + 0.4d) / 1.4d) ** ((position - middle) / base). */
    double[][] japaneseStableLmAlpha(int[] ids) {
        int hidden = integer("hidden_size");
        int heads = integer("num_attention_heads");
        int size = hidden / heads;
        int turned = (int) (size * number("rotary_pct"));
        double theta = number("rotary_emb_base");
        double epsilon = number("layer_norm_eps");
        int middle = integer("max_position_embeddings") / 2;
        ReferenceMath.Growth growth = (position, pair) ->
                Math.pow((2 * pair + 0.4 * turned) / (1.4 * turned), (position - middle) / number("rotary_scale_base"));
        double[][] x = ReferenceMath.embedded(weight("transformer.embed_in.weight"), hidden, ids);
        for (int layer = 0; layer < integer("num_hidden_layers"); layer++) {
            String prefix = "transformer.layers." + layer + '.';
            double[][] qkv = linear(ReferenceMath.centred(x, epsilon), prefix + "attention.query_key_value");
            double[][] mixed = new double[ids.length][hidden];
            for (int head = 0; head < heads; head++) {
                int from = 3 * head * size;
                ReferenceMath.attend(
                        ReferenceMath.turn(ReferenceMath.columns(qkv, from, size), turned, theta, growth),
                        ReferenceMath.turn(
                                ReferenceMath.columns(qkv, from + size, size),
                                turned,
                                theta,
                                (position, pair) -> 1 / growth.of(position, pair)),
                        ReferenceMath.columns(qkv, from + 2 * size, size),
                        mixed,
                        head * size);
            }
            String norm = prefix + "post_attention_layernorm";
            double[][] packed = linear(
                    ReferenceMath.layerNorm(x, weight(norm + ".weight"), weight(norm + ".bias"), epsilon),
                    prefix + "mlp.packed_input_proj");
            int width = packed[0].length / 2;
            double[][] gated = ReferenceMath.gated(
                    ReferenceMath.columns(packed, 0, width), ReferenceMath.columns(packed, width, width));
            x = ReferenceMath.plus(x, linear(mixed, prefix + "attention.dense"));
            x = ReferenceMath.plus(x, linear(gated, prefix + "mlp.out_proj"));
        }
        String norm = "transformer.final_layer_norm";
        return linear(
                ReferenceMath.layerNorm(x, weight(norm + ".weight"), weight(norm + ".bias"), epsilon), "embed_out");
    }
}
