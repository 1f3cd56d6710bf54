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
                .hasMessageContaining("'bert' is an encoder and continues no texts: use 'jllm fill'");
    }

    private static void load(Path folder) {
        new TransformersLoader().loadEncoder(folder, LoadOptions.none()).close();
    }
}
