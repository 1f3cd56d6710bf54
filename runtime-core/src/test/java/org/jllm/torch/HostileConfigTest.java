package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.file.Path;
import org.jllm.api.JllmException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that an architecture cannot have is a one-line error that names what is wrong, before anything native runs. */
class HostileConfigTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest(name = "{0}: {1} = {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            gptneox_tied;             hidden_size;             -32;         hidden_size must be a whole number from 1
            gptneox_tied;             num_attention_heads;     3;           hidden_size 32 is no multiple of num_attention_heads 3
            gptneox_tied;             num_attention_heads;     0;           num_attention_heads must be a whole number from 1
            gptneox_tied;             num_attention_heads;     32;          1 values of a head cannot be rotated
            gptneox_tied;             num_hidden_layers;       -1;          num_hidden_layers must be a whole number from 1
            gptneox_tied;             num_hidden_layers;       3;           lacks tensor 'gpt_neox.layers.2.
            gptneox_tied;             num_hidden_layers;       1;           'gpt_neox.layers.1.
            gptneox_tied;             vocab_size;              98;          'gpt_neox.embed_in.weight' has shape [97, 32]
            gptneox_tied;             tie_word_embeddings;     false;       lacks tensor 'embed_out.weight' of shape [97, 32]
            gptneox_tied;             rotary_pct;              1.5;         rotary_pct must be a number from 0.0 to 1.0, not 1.5
            gptneox_tied;             rotary_pct;              0.2;         3 of the 16 values of a head cannot be rotated
            gptneox_tied;             rotary_pct;              0;           0 of the 16 values of a head cannot be rotated
            gptneox_tied;             rotary_emb_base;         -1;          rotary_emb_base must be a number
            gptneox_tied;             hidden_act;              "gelus";     unknown activation function 'gelus'
            gptneox_tied;             use_parallel_residual;   "yes";       use_parallel_residual must be true or false
            gptneox_tied;             attention_bias;          false;       bias' of shape [32] in model.safetensors has no place
            gptneox_tied;             rope_scaling;            {"type": "yarn", "factor": 2}; rope_scaling of type 'yarn'
            gptneox_tied;             rope_scaling;            {"type": "dynamic"}; factor is missing
            gptneox_tied;             intermediate_size;       -96;         intermediate_size must be a whole number
            gptneox_tied;             layer_norm_eps;          -1;          layer_norm_eps must be a number
            gptneox_tied;             max_position_embeddings; 0;           max_position_embeddings must be a whole number
            gptneoxja_pct100;         intermediate_multiple_size; 0;        intermediate_multiple_size must be a whole number
            gptneoxja_pct100;         num_attention_heads;     5;           hidden_size 32 is no multiple of num_attention_heads 5
            gptneoxja_pct100;         vocab_size;              1000;        has shape [97, 32]
            gpt2_default;             n_embd;                  -1;          n_embd must be a whole number from 1
            gpt2_default;             n_head;                  5;           n_embd 32 is no multiple of n_head 5
            gpt2_default;             num_attention_heads;     5;           n_embd 32 is no multiple of num_attention_heads 5
            gpt2_default;             n_head;                  0;           n_head must be a whole number from 1
            gpt2_default;             n_layer;                 3;           lacks tensor 'transformer.h.2.
            gpt2_default;             n_positions;             65;          'transformer.wpe.weight' has shape [64, 32]
            gpt2_default;             n_inner;                 -1;          n_inner must be a whole number
            gpt2_default;             n_inner;                 56;          'transformer.h.0.mlp.c_fc.weight' has shape [32, 128]
            gpt2_default;             vocab_size;              98;          'transformer.wte.weight' has shape [97, 32]
            gpt2_default;             activation_function;     7;           activation_function must be a text
            gpt2_default;             scale_attn_weights;      1;           scale_attn_weights must be true or false
            gptneo_local;             num_heads;               7;           hidden_size 32 is no multiple of num_heads 7
            gptneo_local;             num_layers;              3;           attention_types make 2 layers, but num_layers is 3
            gptneo_local;             attention_layers;        ["global", "sideways"]; 'sideways'
            gptneo_local;             attention_layers;        ["global", 1]; attention_layers must be a list of texts
            gptneo_local;             window_size;             0;           window_size must be a whole number from 1
            gptneo_local;             window_size;             -4;          window_size must be a whole number from 1
            gptneo_local;             vocab_size;              98;          has shape [97, 32]
            gptj;                     rotary_dim;              18;          rotary_dim must be an even number from 2 to the 16 values
            gptj;                     rotary_dim;              7;           rotary_dim must be an even number
            gptj;                     rotary_dim;              -8;          rotary_dim must be a whole number
            gptj;                     rotary_dim;              null;        rotary_dim must be an even number
            gptj;                     n_head;                  3;           n_embd 32 is no multiple of n_head 3
            gptj;                     vocab_size;              98;          has shape [97, 32]
            mpt_alibi;                d_model;                 0;           d_model must be a whole number
            mpt_alibi;                n_heads;                 5;           d_model 32 is no multiple of n_heads 5
            mpt_alibi;                n_layers;                1;           'transformer.blocks.1.
            mpt_alibi;                max_seq_len;             -64;         max_seq_len must be a whole number
            mpt_alibi_odd_heads;      max_seq_len;             16000000;    biases of 6 heads at 16000000 positions
            mpt_alibi;                vocab_size;              98;          has shape [97, 32]
            mpt_alibi;                attn_config;             7;           attn_config must be an object
            mpt_alibi;                attn_config;             {"alibi": false}; attn_config.alibi false is not supported
            mpt_alibi;                attn_config;             {"alibi_bias_max": 16}; alibi_bias_max
            mpt_alibi;                attn_config;             {"qk_ln": true}; qk_ln
            mpt_alibi;                attn_config;             {"prefix_lm": true}; prefix_lm
            mpt_alibi;                attn_config;             {"attn_type": "multiquery_attention"}; 'multiquery_attention'
            mpt_alibi;                attn_config;             {"softmax_scale": "x"}; softmax_scale must be a number
            mpt_alibi;                attn_config;             {"clip_qkv": -1}; clip_qkv must be a number
            mpt_alibi;                no_bias;                 false;       no_bias false is not supported
            mpt_alibi;                logit_scale;             0.5;         logit_scale is not supported
            mpt_alibi;                norm_type;               "rmsnorm";   norm_type 'rmsnorm' is not supported
            mpt_alibi;                expansion_ratio;         3;           expansion_ratio other than 4
            stablelm_3b_style;        num_key_value_heads;     3;           num_attention_heads 2 is no multiple of num_key_value_heads 3
            stablelm_3b_style;        num_key_value_heads;     0;           num_key_value_heads must be a whole number
            stablelm_3b_style;        partial_rotary_factor;   0.2;         3 of the 16 values of a head
            stablelm_3b_style;        qk_layernorm;            true;        'model.layers.0.self_attn.q_layernorm.norms.0.weight'
            stablelm_3b_style;        use_qkv_bias;            true;        'model.layers.0.self_attn.q_proj.bias'
            stablelm_3b_style;        use_parallel_residual;   true;        'model.layers.0.post_attention_layernorm.
            stablelm_3b_style;        vocab_size;              98;          has shape [97, 32]
            plamo_tiled;              n_shared_head;           0;           n_shared_head must be a whole number
            plamo_tiled;              n_shared_head;           8;           'model.layers.layers.0.self_attn.k_proj.weight' has shape [16, 32]
            plamo_tiled;              num_attention_heads;     6;           hidden_size 32 is no multiple of num_attention_heads 6
            plamo_tiled;              vocab_size;              98;          has shape [97, 32]
            qwen_default;             kv_channels;             16;          kv_channels 16 is not the width of a head, which is 8
            qwen_default;             num_attention_heads;     3;           hidden_size 32 is no multiple of num_attention_heads 3
            qwen_default;             seq_length;              1;           seq_length must be a whole number from 2
            qwen_default;             seq_length;              -1;          seq_length must be a whole number
            qwen_default;             no_bias;                 false;       'transformer.h.0.attn.c_proj.bias'
            qwen_default;             bf16;                    2;           bf16 must be true or false
            qwen_default;             intermediate_size;       1;           intermediate_size must be a whole number from 2
            qwen_default;             vocab_size;              98;          has shape [97, 32]
            jslm_alpha_pct025;        rotary_scale_base;       null;        rotary_scale_base must be a number, not null
            jslm_alpha_pct025;        rotary_scale_base;       0;           rotary_scale_base must be a number
            jslm_alpha_pct025;        rotary_pct;              0.05;        0 of the 16 values of a head
            jslm_alpha_pct025;        hidden_size;             96;          has shape
            jslm_alpha_pct025;        vocab_size;              98;          has shape [97, 32]
            """)
    void isRefused(String model, String field, String json, String part) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeConfig(folder, config -> config.putRawValue(field, new RawValue(json)));
        Throwable error = catchThrowable(() -> GoldenModel.logits(folder));
        assertThat(error).isInstanceOf(JllmException.class);
        assertThat(error.getMessage()).contains(part).hasSizeLessThan(500).doesNotContainPattern("\\R");
    }

    @ParameterizedTest(name = "only one of {0}, {1}")
    @CsvSource({"bf16, fp16", "bf16, fp32", "fp16, fp32"})
    void qwenHasOneType(String first, String second) throws IOException {
        Path folder = GoldenModel.copy("qwen_default", temporary.resolve("model"));
        GoldenModel.changeConfig(
                folder, config -> config.put("fp32", false).put(first, true).put(second, true));
        assertThat(catchThrowable(() -> GoldenModel.logits(folder)))
                .isInstanceOf(JllmException.class)
                .hasMessageContaining("only one of bf16, fp16 and fp32");
    }
}
