package org.jllm.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.Jllm;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.Ranking;
import org.jllm.api.Ranking.RankedDocument;
import org.jllm.api.TokenEmbeddings;
import org.jllm.api.UnsupportedModelException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in the form of JaColBERT, against ColBERT's rules on Transformers' BERT. */
class LateInteractionTest {
    private final Jllm jllm = Jllm.builder().withoutUserSettings().build();

    @TempDir
    Path folder;

    private JsonNode expected;

    @BeforeEach
    void read() throws IOException {
        expected = TinyEncoder.expectations().path("colbert");
    }

    private Path model(String name, String golden, JsonNode metadata) throws IOException {
        return TinyEncoder.writeColbert(folder.resolve(name), golden, metadata);
    }

    private EmbeddingModel open(Path model) {
        return jllm.loadEmbeddingModel(model.toString(), LoadOptions.ofDtype("float32"));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static List<EmbeddingInput.Text> inputs(List<String> texts) {
        return texts.stream().map(EmbeddingInput.Text::new).toList();
    }

    private static void assertClose(List<TokenEmbeddings> actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).vectors().length).isEqualTo(expected.get(i).size());
            assertThat(actual.get(i).ids()).hasSize(expected.get(i).size());
            for (int token = 0; token < expected.get(i).size(); token++) {
                SentenceFolderTest.assertClose(
                        actual.get(i).vectors()[token], expected.get(i).get(token));
            }
        }
    }

    @Test
    void queriesAndDocumentsAreReadAsTheAuthorsDo() throws IOException {
        try (EmbeddingModel model = open(model("colbert", "bert_model_pooler", expected.path("metadata")))) {
            assertThat(model.lateInteraction()).isTrue();
            assertThat(model.dimensions()).isEqualTo(8);
            List<TokenEmbeddings> queries =
                    model.embedTokens(inputs(texts(expected.path("queries"))), EmbeddingOptions.query());
            assertClose(queries, expected.path("query"));
            assertThat(queries.get(0).truncated()).isFalse();
            assertThat(queries.get(1).truncated()).isTrue();
            List<TokenEmbeddings> documents =
                    model.embedTokens(inputs(texts(expected.path("documents"))), EmbeddingOptions.document());
            assertClose(documents, expected.path("document"));
            for (int i = 0; i < queries.size(); i++) {
                for (int j = 0; j < documents.size(); j++) {
                    assertThat(queries.get(i).maxSim(documents.get(j)))
                            .isCloseTo(expected.path("scores").get(i).get(j).doubleValue(), within(1e-4));
                }
            }
        }
    }

    @Test
    void masksAreSeenWhereTheCheckpointSaysSo() throws IOException {
        ObjectNode metadata = expected.path("metadata").deepCopy();
        metadata.put("attend_to_mask_tokens", true);
        try (EmbeddingModel model = open(model("attending", "bert_model_pooler", metadata))) {
            assertClose(
                    model.embedTokens(inputs(texts(expected.path("queries"))), EmbeddingOptions.query()),
                    expected.path("attending"));
        }
    }

    @Test
    void documentsAreRankedByTheirTokens() throws IOException {
        try (EmbeddingModel model = open(model("ranking", "bert_model_pooler", expected.path("metadata")))) {
            List<String> documents = texts(expected.path("documents"));
            Ranking ranking =
                    model.reranker().rank(expected.path("queries").get(0).textValue(), documents);
            assertThat(ranking.documents()).extracting(RankedDocument::index).containsExactlyInAnyOrder(0, 1, 2);
            for (RankedDocument document : ranking.documents()) {
                assertThat(document.score())
                        .isCloseTo(expected.at("/scores/0/" + document.index()).doubleValue(), within(1e-4));
            }
            assertThat(ranking.documents()).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
            assertThat(ranking.queryTokens()).isEqualTo(12);
        }
    }

    @Test
    void whatItIsNotIsOneLine() throws IOException {
        try (EmbeddingModel model = open(model("one", "bert_model_pooler", expected.path("metadata")))) {
            assertThatThrownBy(() -> model.embed("一"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("makes a vector of each token and none of a text");
        }
        try (EmbeddingModel model = open(TinyEncoder.write(folder.resolve("plain"), "bert_mlm"))) {
            assertThatThrownBy(() -> model.embedTokens(inputs(List.of("一")), EmbeddingOptions.query()))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("late interaction needs a model such as JaColBERT");
        }
        ObjectNode metadata = expected.path("metadata").deepCopy();
        Path wide = model("wide", "bert_model_pooler", metadata.put("dim", 128));
        assertThatThrownBy(() -> open(wide))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("dim is 128 in artifact.metadata, but linear.weight gives 8");
        Path marker =
                model("marker", "bert_model_pooler", metadata.put("dim", 8).put("doc_token_id", "[D]"));
        assertThatThrownBy(() -> open(marker)).hasMessageContaining("the tokenizer has no token '[D]'");
        Path distance = model("distance", "bert_model_pooler", metadata.put("similarity", "l2"));
        assertThatThrownBy(() -> open(distance)).isInstanceOf(UnsupportedModelException.class);
        Files.delete(distance.resolve("artifact.metadata"));
        try (EmbeddingModel mean = open(distance)) {
            assertThat(mean.lateInteraction()).isFalse();
        }
    }
}
