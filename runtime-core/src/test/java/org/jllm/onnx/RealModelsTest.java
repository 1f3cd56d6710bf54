package org.jllm.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.e5smallv2.E5SmallV2EmbeddingModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jllm.Jllm;
import org.jllm.api.Embedding;
import org.jllm.api.LoadOptions;
import org.jllm.api.Similarity;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jllm.tokenizer.Tokenizer;
import org.jllm.torch.TransformersLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are in use give the vectors that LangChain4j gives, and those of the Transformers engine. */
class RealModelsTest {
    private static final Set<EncoderOutput> STATES = EnumSet.of(EncoderOutput.HIDDEN_STATES, EncoderOutput.MEAN);

    private static final List<String> SENTENCES = List.of(
            "The quick brown fox jumps over the lazy dog.",
            "A",
            "What is the height of Mount Fuji?",
            "Mount Fuji is 3,776 metres high, which makes it the highest mountain of Japan.",
            "東京は日本の首都である。",
            "吾輩は猫である。名前はまだ無い。",
            "e-mail: someone@example.org, 50% off — naïve café, ﬁne",
            "🙂 emoji and\ttabs\nand lines",
            "word ".repeat(300).strip(),
            "Two sentences about the same thing need not share a single word.");

    @TempDir
    private Path folder;

    @Test
    void allMiniLmGivesLangChain4jsVectors() throws IOException {
        compare(JarModel.ALL_MINILM, new AllMiniLmL6V2EmbeddingModel());
    }

    @Test
    void quantisedBgeGivesLangChain4jsVectors() throws IOException {
        compare(JarModel.BGE_SMALL, new BgeSmallEnV15QuantizedEmbeddingModel());
    }

    @Test
    void e5GivesLangChain4jsVectors() throws IOException {
        compare(JarModel.E5_SMALL, new E5SmallV2EmbeddingModel());
    }

    private void compare(JarModel name, EmbeddingModel reference) throws IOException {
        Path files = name.write(folder);
        try (org.jllm.api.EmbeddingModel model =
                Jllm.ofUser().loadEmbeddingModel(files.toString(), LoadOptions.none())) {
            List<Embedding> together = model.embed(SENTENCES);
            for (int i = 0; i < SENTENCES.size(); i++) {
                String sentence = SENTENCES.get(i);
                float[] vector = together.get(i).vector();
                float[] expected = reference.embed(sentence).content().vector();
                assertThat(1 - Similarity.cosine(vector, expected)).as(sentence).isLessThanOrEqualTo(1e-5);
                assertThat(vector)
                        .as(sentence)
                        .containsExactly(model.embed(sentence).vector(), within(1e-5f));
            }
        }
    }

    @Test
    void asSafetensorsItIsTheSameModel() throws IOException {
        Path graph = JarModel.ALL_MINILM.write(folder.resolve("graph"));
        Path bert = BertFromGraph.write(graph, folder.resolve("bert"), 12);
        try (Tokenizer tokenizer = new OnnxLoader().loadTokenizer(graph);
                EncoderBackend onnx = new OnnxLoader().loadEncoder(graph, LoadOptions.none());
                EncoderBackend torch = new TransformersLoader().loadEncoder(bert, LoadOptions.ofDtype("float32"))) {
            assertThat(torch.capabilities().hiddenSize()).isEqualTo(384);
            List<EncoderInput> texts = inputs(tokenizer);
            List<EncodedText> expected = onnx.encode(texts, STATES);
            List<EncodedText> computed = torch.encode(texts, STATES);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(computed.get(i).row(EncoderOutput.MEAN))
                        .as(SENTENCES.get(i))
                        .containsExactly(expected.get(i).row(EncoderOutput.MEAN), within(1e-4f));
                float[][] rows = expected.get(i).rows(EncoderOutput.HIDDEN_STATES);
                for (int row = 0; row < rows.length; row++) {
                    assertThat(computed.get(i).rows(EncoderOutput.HIDDEN_STATES)[row])
                            .containsExactly(rows[row], within(1e-4f));
                }
            }
        }
    }

    private static List<EncoderInput> inputs(Tokenizer tokenizer) {
        return SENTENCES.stream()
                .map(sentence -> EncoderInput.of(tokenizer.encode(sentence, true)))
                .toList();
    }
}
