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

/** A value that an encoder of sound cannot have is a one-line error that names what is wrong, before anything native runs. */
class HostileAudioConfigTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest(name = "{0}: {1} = {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
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
    void isRefused(String model, String field, String json, String part) throws IOException {
        Path folder = GoldenModel.copy(model, temporary.resolve("model"));
        GoldenModel.changeConfig(folder, config -> config.putRawValue(field, new RawValue(json)));
        Throwable error = catchThrowable(() -> new TransformersLoader()
                .loadAudioEncoder(folder, LoadOptions.none())
                .close());
        assertThat(error).isInstanceOf(JllmException.class);
        assertThat(error.getMessage()).contains(part).hasSizeLessThan(500).doesNotContainPattern("\\R");
    }
}
