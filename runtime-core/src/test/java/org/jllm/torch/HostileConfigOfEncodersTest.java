package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.file.Path;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that an encoder cannot have is a one-line error that names what is wrong, before anything native runs. */
class HostileConfigOfEncodersTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest(name = "{0}: {1} = {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock = """
            luke_entities_aware; hidden_size;                 -32;         hidden_size must be a whole number from 1
            luke_entities_aware; num_attention_heads;         5;           hidden_size 32 is no multiple of num_attention_heads 5
            luke_entities_aware; num_hidden_layers;           3;           lacks tensor 'luke.encoder.layer.2.
            luke_entities_aware; use_entity_aware_attention;  false;       attention.self.
            luke_entities_plain; use_entity_aware_attention;  true;        lacks tensor 'luke.encoder.layer.0.attention.self.w2e_query.weight'
            luke_entities_plain; use_entity_aware_attention;  "no";        use_entity_aware_attention must be true or false
            luke_entities_plain; entity_emb_size;             32;          'entity_embeddings.entity_embeddings.weight' has shape [11, 16]
            luke_entities_plain; entity_vocab_size;           0;           entity_vocab_size must be a whole number from 1
            luke_entities_plain; pad_token_id;                -1;          pad_token_id must be a whole number from 0 to 96
            luke_entities_plain; pad_token_id;                63;          positions begin after pad_token_id 63
            luke_entities_plain; max_position_embeddings;     65;          has shape [64, 32]
            luke_entities_plain; type_vocab_size;             0;           type_vocab_size must be a whole number from 1
            luke_entities_plain; hidden_act;                  "gelus";     unknown activation function 'gelus'
            deberta_v2_mlm;      num_attention_heads;         0;           num_attention_heads must be a whole number from 1
            deberta_v2_mlm;      position_buckets;            1;           position_buckets 1 do not divide
            deberta_v2_mlm;      position_buckets;            -2;          position_buckets must be a whole number from -1
            deberta_v2_mlm;      position_buckets;            9;           'deberta.encoder.rel_embeddings.weight' has shape [16, 32]
            deberta_v2_mlm;      max_relative_positions;      5;           position_buckets 8 do not divide distances up to 5
            deberta_v2_mlm;      pos_att_type;                ["p2p"];     pos_att_type 'p2p'
            deberta_v2_mlm;      pos_att_type;                "c2p|side";  pos_att_type 'side'
            deberta_v2_mlm;      pos_att_type;                [1];         pos_att_type must be a list of texts
            deberta_v2_mlm;      share_att_key;               false;       lacks tensor 'deberta.encoder.layer.0.attention.self.pos_key_proj.weight'
            deberta_v2_mlm;      relative_attention;          false;       'deberta.encoder.rel_embeddings.weight'
            deberta_v2_mlm;      norm_rel_ebd;                "none";      'deberta.encoder.LayerNorm.
            deberta_v2_mlm;      attention_head_size;         16;          attention_head_size 16 is not hidden_size / num_attention_heads, 8
            deberta_v2_mlm;      type_vocab_size;             2;           lacks tensor 'deberta.embeddings.token_type_embeddings.weight'
            deberta_v2_mlm;      embedding_size;              16;          'deberta.embeddings.word_embeddings.weight' has shape [97, 32]
            deberta_v2_conv;     conv_kernel_size;            4;           conv_kernel_size 4 is even
            deberta_v2_conv;     conv_kernel_size;            5;           'deberta.encoder.conv.conv.weight' has shape [32, 32, 3]
            deberta_v2_conv;     conv_groups;                 5;           hidden_size 32 is no multiple of conv_groups 5
            deberta_v2_conv;     conv_act;                    "sinus";     unknown activation function 'sinus'
            deberta_v2_seqcls;   pooler_hidden_size;          16;          pooler_hidden_size 16 is not hidden_size 32
            deberta_v2_seqcls;   pooler_hidden_act;           7;           pooler_hidden_act must be a text
            big_bird_full;       attention_type;              "sparse";    attention_type 'sparse'
            big_bird_full;       use_bias;                    false;       bias' of shape [32] in model.safetensors has no place
            big_bird_full;       is_decoder;                  true;        is_decoder is true
            big_bird_sparse_long; block_size;                 0;           block_size must be a whole number from 1
            big_bird_sparse_long; num_random_blocks;          -1;          num_random_blocks must be a whole number from 0
            big_bird_sparse_long; hidden_size;                30;          hidden_size 30 is no multiple of num_attention_heads 4
            big_bird_sparse_long; rescale_embeddings;         2;           rescale_embeddings must be true or false
            xlnet_lm;            d_head;                      4;           d_head 4 is not d_model / n_head, 8
            xlnet_lm;            n_head;                      5;           d_model 32 is no multiple of n_head 5
            xlnet_lm;            n_layer;                     3;           lacks tensor 'transformer.layer.2.
            xlnet_lm;            attn_type;                   "both";      attn_type 'both'
            xlnet_lm;            bi_data;                     true;        bi_data is true
            xlnet_lm;            clamp_len;                   -2;          clamp_len must be a whole number from -1
            xlnet_lm;            summary_type;                "attn";      summary_type 'attn'
            xlnet_lm;            summary_activation;          "sinus";     unknown activation function 'sinus'
            xlnet_lm;            tie_word_embeddings;         false;       lacks tensor 'lm_loss.weight' of shape [97, 32]
            """)
    void isRefused(String model, String field, String json, String part) throws IOException {
        Path folder = changed(model, field, json);
        isOneLine(
                catchThrowable(() -> new TransformersLoader().loadEncoder(folder, LoadOptions.none()).close()), part);
    }

    @ParameterizedTest(name = "{0}: {1} = {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock = """
            hubert_group_norm; conv_dim;                     [16, 16];    have 2, 7 and 7 entries
            hubert_group_norm; conv_dim;                     16;          conv_dim must be a list of whole numbers from 1
            hubert_group_norm; conv_stride;                  [5, 2, 2, 2, 2, 2, 0]; conv_stride must be a list of whole numbers from 1
            hubert_group_norm; conv_kernel;                  [10, 3, 3, 3, 3, 2, 2.5]; conv_kernel must be a list of whole numbers
            hubert_group_norm; conv_kernel;                  [10, 3, 3, 3, 3, 2, 3]; 'feature_extractor.conv_layers.6.conv.weight'
            hubert_group_norm; conv_bias;                    true;        lacks tensor 'hubert.feature_extractor.conv_layers.0.conv.bias'
            hubert_group_norm; feat_extract_norm;            "batch";     feat_extract_norm 'batch'
            hubert_group_norm; feat_extract_norm;            "layer";     lacks tensor 'hubert.feature_extractor.conv_layers.1.layer_norm.weight'
            hubert_group_norm; feat_extract_activation;      "loud";      unknown activation function 'loud'
            hubert_group_norm; feat_proj_layer_norm;         false;       'feature_projection.layer_norm.
            hubert_group_norm; num_conv_pos_embedding_groups; 5;          hidden_size 32 is no multiple of num_conv_pos_embedding_groups 5
            hubert_group_norm; num_conv_pos_embeddings;      0;           num_conv_pos_embeddings must be a whole number from 1
            hubert_group_norm; conv_pos_batch_norm;          true;        lacks tensor 'hubert.encoder.pos_conv_embed.conv.weight'
            hubert_group_norm; num_attention_heads;          3;           hidden_size 32 is no multiple of num_attention_heads 3
            hubert_group_norm; adapter_attn_dim;             8;           adapter_attn_dim
            hubert_group_norm; do_stable_layer_norm;         1;           do_stable_layer_norm must be true or false
            hubert_group_norm; model_type;                   "bert";      'bert' is not one that hears sound
            """)
    void isRefusedAsSound(String model, String field, String json, String part) throws IOException {
        Path folder = changed(model, field, json);
        isOneLine(
                catchThrowable(
                        () -> new TransformersLoader().loadAudioEncoder(folder, LoadOptions.none()).close()),
                part);
    }

    private Path changed(String model, String field, String json) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeConfig(folder, config -> config.putRawValue(field, new RawValue(json)));
        return folder;
    }

    private static void isOneLine(Throwable error, String part) {
        assertThat(error).isInstanceOf(JllmException.class);
        assertThat(error.getMessage()).contains(part).hasSizeLessThan(500).doesNotContainPattern("\\R");
    }
}
