package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.file.Path;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that an encoder cannot have is a one-line error that names what is wrong, before anything native runs. */
class HostileEncoderConfigTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest(name = "{0}: {1} = {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            bert_mlm;             hidden_size;             -1;          hidden_size must be a whole number from 1
            bert_mlm;             num_attention_heads;     5;           hidden_size 32 is no multiple of num_attention_heads 5
            bert_mlm;             num_attention_heads;     0;           num_attention_heads must be a whole number from 1
            bert_mlm;             num_hidden_layers;       3;           lacks tensor 'bert.encoder.layer.2.
            bert_mlm;             num_hidden_layers;       1;           'bert.encoder.layer.1.
            bert_mlm;             vocab_size;              98;          has shape [97, 32]
            bert_mlm;             type_vocab_size;         0;           type_vocab_size must be a whole number from 1
            bert_mlm;             type_vocab_size;         3;           token_type_embeddings.weight' has shape [2, 32]
            bert_mlm;             intermediate_size;       0;           intermediate_size must be a whole number
            bert_mlm;             max_position_embeddings; 65;          position_embeddings.weight' has shape [64, 32]
            bert_mlm;             layer_norm_eps;          -1;          layer_norm_eps must be a number
            bert_mlm;             hidden_act;              "gelus";     unknown activation function 'gelus'
            bert_mlm;             position_embedding_type; "sideways";  unknown position_embedding_type 'sideways'
            bert_mlm;             position_embedding_type; "relative_key"; lacks tensor 'bert.encoder.layer.0.attention.self.distance_embedding.weight'
            bert_mlm;             tie_word_embeddings;     false;       lacks tensor 'cls.predictions.decoder.weight' of shape [97, 32]
            bert_mlm;             tie_word_embeddings;     "no";        tie_word_embeddings must be true or false
            bert_mlm;             is_decoder;              true;        is_decoder is true
            bert_seqcls;          id2label;                {"0": "a"};  'classifier.weight' has shape [3, 32]
            bert_seqcls;          id2label;                {"0": "a", "2": "b"}; id2label must name the labels from 0 to 1, but 1 is missing
            bert_seqcls;          id2label;                7;           id2label must be an object
            bert_seqcls;          architectures;           "Bert";      architectures must be a list of texts
            roberta_mlm;          pad_token_id;            63;          leaves none of max_position_embeddings 64
            roberta_mlm;          pad_token_id;            97;          pad_token_id must be a whole number from 0 to 96
            xlm_roberta_mlm;      vocab_size;              98;          has shape [97, 32]
            distilbert_mlm;       n_heads;                 5;           dim 32 is no multiple of n_heads 5
            distilbert_mlm;       hidden_dim;              0;           hidden_dim must be a whole number
            electra_generator_mlm; embedding_size;         32;          has shape [97, 16]
            electra_generator_mlm; embedding_size;         0;           embedding_size must be a whole number
            albert_mlm;           num_hidden_groups;       4;           num_hidden_groups 4 is more than num_hidden_layers 3
            albert_mlm;           num_hidden_groups;       0;           num_hidden_groups must be a whole number
            albert_mlm;           inner_group_num;         2;           lacks tensor 'albert.encoder.albert_layer_groups.0.albert_layers.1.
            layoutlm_bbox;        max_2d_position_embeddings; 63;       has shape [64, 32]
            roformer_mlm;         num_attention_heads;     32;          rotary positions turn pairs, but a head has 1 values
            roformer_mlm;         rotary_value;            1;           rotary_value must be true or false
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
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeConfig(folder, config -> config.putRawValue(field, new RawValue(json)));
        Throwable error = catchThrowable(() -> load(folder));
        assertThat(error).isInstanceOf(JllmException.class);
        assertThat(error.getMessage()).contains(part).hasSizeLessThan(500).doesNotContainPattern("\\R");
    }

    @Test
    void whatContinuesTextsIsNoEncoderAndTheOtherWayRound() {
        assertThat(catchThrowable(() -> load(GoldenModel.folder("gpt2_default"))))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("'gpt2' continues texts and is no encoder");
        assertThat(catchThrowable(() -> GoldenModel.logits(GoldenModel.folder("bert_mlm"))))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("'bert' is an encoder and continues no texts: use 'jllm embed', 'jllm fill', ");
    }

    private static void load(Path folder) {
        new TransformersLoader().loadEncoder(folder, LoadOptions.none()).close();
    }
}
