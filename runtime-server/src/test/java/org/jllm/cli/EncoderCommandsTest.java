package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.jllm.embedding.TinyEncoder.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jllm.cli.CommandLines.Outcome;
import org.jllm.embedding.TinyEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people ask of encoders, of golden models with a tokenizer that knows ninety-two characters. */
class EncoderCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GOLDEN = TinyEncoder.GOLDEN;

    @TempDir
    Path folder;

    private String model(String name) throws IOException {
        return TinyEncoder.write(folder.resolve(name), name).toString();
    }

    /** The golden case's text with its gap gives the golden case's five best ids. */
    @Test
    void fillsTheGap() throws IOException {
        JsonNode golden = JSON.readTree(GOLDEN.resolve("bert_mlm/golden.json").toFile());
        JsonNode ids = golden.at("/inputs/masked_lm/input_ids");
        int[] inner = new int[ids.size() - 2];
        for (int i = 0; i < inner.length; i++) {
            inner[i] = ids.get(i + 1).intValue();
        }
        String model = model("bert_mlm");
        Outcome outcome = CommandLines.run("fill", model, text(inner), "--top-k", "5", "--json");
        assertThat(outcome.err()).isEmpty();
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).hasSize(5);
        for (int i = 0; i < 5; i++) {
            JsonNode filling = JSON.readTree(lines.get(i));
            JsonNode wanted = golden.at("/expected/masked_lm/top5/" + i);
            assertThat(filling.path("id").intValue()).isEqualTo(wanted.get(0).intValue());
            assertThat(Math.log(filling.path("probability").doubleValue()))
                    .isCloseTo(wanted.get(1).doubleValue(), within(1e-3));
            assertThat(filling.path("text").textValue()).doesNotContain("[MASK]");
        }
        Outcome two = CommandLines.run("fill", model, text(9, 4, 10, 4), "--top-k", "1");
        assertThat(two.out().lines().filter(line -> line.startsWith("gap "))).containsExactly("gap 1", "gap 2");
    }

    @Test
    void classifiesTextsAndPairsAndTokens() throws IOException {
        String model = model("bert_seqcls");
        Outcome one = CommandLines.run("classify", model, text(9, 10), "--json");
        JsonNode labels = JSON.readTree(one.out()).path("labels");
        assertThat(labels.findValuesAsText("label")).containsExactlyInAnyOrder("neg", "neu", "pos");
        assertThat(labels.findValues("score").stream()
                        .mapToDouble(JsonNode::doubleValue)
                        .sum())
                .isCloseTo(1, within(1e-6));
        Outcome pair = CommandLines.run("classify", model, text(9, 10), text(11), "--json");
        assertThat(pair.code()).isZero();
        assertThat(pair.out()).isNotEqualTo(one.out());

        Outcome tokens = CommandLines.run("classify", model("bert_tokencls"), text(9, 10));
        assertThat(tokens.out().lines().map(line -> line.split(" ")[0]))
                .containsExactly("TOKEN", "[CLS]", text(9), text(10), "[SEP]");
        Outcome score = CommandLines.run("classify", model("bert_regression"), text(9), text(10));
        assertThat(score.out()).containsPattern("^[01]\\.\\d{4}  LABEL_0\\R$");
    }

    @Test
    void likeTextsAreAlike() throws IOException {
        String model = model("bert_mlm");
        Outcome same = CommandLines.run("similarity", model, text(9, 10, 11), text(9, 10, 11));
        assertThat(same.out()).isEqualTo("1.0000\n");
        Outcome several = CommandLines.run("similarity", model, text(9, 10, 11), text(9, 10, 11), text(40, 41));
        assertThat(several.out().lines()).hasSize(2).first().isEqualTo("1.0000  " + text(9, 10, 11));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fill bert_seqcls 一|cannot fill gaps: its files hold no head for that",
                "fill bert_mlm 一|the text has no gap: write [MASK] where a word is to be found",
                "classify bert_mlm 一|cannot classify: its files hold no head for that",
                "classify bert_tokencls 一 二|labels the tokens of one text: leave the second text out",
                "similarity llama_mha 一 二|'llama' continues texts and is no encoder: use 'jllm run'",
                "run bert_mlm 一|'bert' is an encoder and continues no texts: use 'jllm embed', 'jllm fill'",
            })
    void whatAModelCannotDoIsOneLine(String line) throws IOException {
        String[] parts = line.split("\\|");
        String[] arguments = parts[0].split(" ");
        arguments[1] = model(arguments[1]);
        Outcome outcome = CommandLines.run(arguments);
        assertThat(outcome.code()).isOne();
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(parts[1]).hasLineCount(1);
    }

    @Test
    void textsThatAreTooLongAreRefused() throws IOException {
        Outcome outcome = CommandLines.run("fill", model("bert_mlm"), text(4) + text(9).repeat(100));
        assertThat(outcome.code()).isOne();
        assertThat(outcome.err()).contains("the text has 103 tokens, but").hasLineCount(1);
    }

    @Test
    void encodersAreMeasuredInSentences() throws IOException {
        Outcome outcome = CommandLines.run(
                "bench",
                "--random",
                "bert:tiny",
                "--sentences",
                "20",
                "--repeat",
                "1",
                "--json",
                "--dtype",
                "bfloat16");
        JsonNode figures = JSON.readTree(outcome.out());
        assertThat(figures.path("sentences").intValue()).isEqualTo(20);
        assertThat(figures.path("sentences_per_second").doubleValue()).isPositive();
        assertThat(figures.path("smallest_cosine_to_float32").doubleValue()).isBetween(0.99, 1.000001);
        Outcome streams = CommandLines.run("bench", "--random", "bert:tiny", "--streams", "2");
        assertThat(streams.code()).isEqualTo(2);
        assertThat(streams.err()).contains("is an encoder");
    }
}
