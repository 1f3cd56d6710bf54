package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.api.ModelNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The facts of {@code models.yaml}. */
class BuiltInCatalogueTest {
    private static final Set<String> SECTIONS = Set.of(
            "embedded",
            "generative-scratch",
            "generative-continual",
            "generative-instruction-only",
            "encoder",
            "embedding",
            "vision-language",
            "speech");
    private static final Set<String> TEMPLATES = Set.of(
            "alpaca-en",
            "blue-lizard",
            "calm2-chat",
            "chatml",
            "chatntq-ja",
            "elyza-llama2",
            "heron",
            "houou",
            "human-assistant",
            "ja-alpaca",
            "ja-alpaca-noinput",
            "ja-alpaca-space",
            "jslm-beta",
            "jslm-vision",
            "karakuri-chat",
            "karasu",
            "line-sft",
            "llama2-chat",
            "llmjp-v10-instruct",
            "llmjp-v10-jaster",
            "llmjp-v11",
            "minigpt4-ja",
            "plamo-instruct",
            "qarasu",
            "rinna-bilingual",
            "rinna-neox-36b",
            "shisa",
            "stockmark-13b",
            "stormy",
            "swallow-instruct",
            "watashiha-ogiri",
            "youri-chat",
            "youri-instruction");
    private static final Set<String> TOKENIZERS = Set.of(
            "albert-spm",
            "bert-mecab-ipadic-wordpiece",
            "bert-sudachi-wordpiece",
            "gpt2-bpe",
            "jumanpp-subword-nmt",
            "jumanpp-tokenizers-bpe",
            "jumanpp-wordpiece",
            "llm-jp-v2",
            "mecab-jumandic-wordpiece",
            "mecab-unidic-lite-spm",
            "neox-20b-bpe",
            "nerdstash",
            "plamo-spm",
            "presegmented-jumanpp-spm",
            "qwen-tiktoken",
            "rwkv-world",
            "spm-bilingual",
            "spm-fairseq",
            "spm-plain",
            "t5-spm-lower");
    private static final Set<String> PROGRAMS =
            Set.of("jumanpp", "manbyo", "mecab-jumandic", "mecab-neologd", "mecab-unidic", "ssuw", "sudachi");

    private final List<Entry> entries = Catalogue.load().entries();

    private Stream<Entry> listed() {
        return entries.stream().filter(entry -> !entry.section().equals("embedded"));
    }

    private static Set<String> rows() throws IOException {
        try (InputStream in = BuiltInCatalogueTest.class.getResourceAsStream("listed-ids.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void holdsEveryRowOfTheListAndTheDemo() throws IOException {
        assertThat(entries).hasSize(253);
        assertThat(listed().map(Entry::id)).containsExactlyInAnyOrderElementsOf(rows());
        assertThat(entries.get(0).id()).isEqualTo("demo");
        assertThat(entries).extracting(Entry::section).isSubsetOf(SECTIONS).containsAll(SECTIONS);
    }

    @Test
    void everyModelHasShortNamesThatNoOtherHas() {
        Set<String> seen = new HashSet<>();
        for (Entry entry : entries) {
            assertThat(seen.add(entry.id().toLowerCase(Locale.ROOT)))
                    .as(entry.id())
                    .isTrue();
        }
        for (Entry entry : entries) {
            assertThat(entry.aliases()).as(entry.id()).isNotEmpty();
            for (String alias : entry.aliases()) {
                assertThat(alias).matches("[a-z0-9.-]{3,40}");
                assertThat(seen.add(alias)).as(alias).isTrue();
            }
        }
    }

    @Test
    void chatModelsNameATemplateThatThereIs() {
        Stream<Entry> chat = listed().filter(entry -> entry.tasks().contains(Task.CHAT));
        assertThat(chat).hasSizeGreaterThan(60).allSatisfy(entry -> {
            TemplateChoice template = Objects.requireNonNull(entry.template());
            assertThat(template.name()).isIn(TEMPLATES);
            assertThat(template.fromUser()).isFalse();
        });
        assertThat(listed().filter(entry -> entry.template() != null)
                        .map(entry -> entry.template().name())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(TEMPLATES);
    }

    @Test
    void whoseNameSaysThatItAnswersIsNoBaseModel() {
        assertThat(listed().filter(entry -> entry.section().startsWith("generative")
                        && entry.id().matches("(?i).*(instruct|chat|sft|ppo|dpo|houou|[^n]lora).*")))
                .hasSizeGreaterThan(50)
                .allSatisfy(entry -> assertThat(entry.tasks()).containsExactly(Task.CHAT));
    }

    @Test
    void factsAreOfClosedSets() {
        assertThat(listed()).allSatisfy(entry -> {
            assertThat(entry.license().name()).isNotEmpty();
            assertThat(entry.provenance().sources()).isNotEmpty();
            assertThat(entry.provenance().confidence()).isNotNull();
            assertThat(entry.architecture()).matches("[a-z][a-z0-9_-]+");
            assertThat(entry.requires()).isSubsetOf(PROGRAMS);
            String tokenizer = entry.tokenizer().kind();
            assertThat(tokenizer == null || TOKENIZERS.contains(tokenizer))
                    .as(tokenizer)
                    .isTrue();
        });
    }

    @Test
    void licensesAreNamedOnce() {
        // A licence that only a name is known of would be a slip of the pen.
        assertThat(listed().map(entry -> entry.license().name())).noneMatch(name -> name.matches("[a-z0-9.-]+"));
        assertThat(listed().filter(entry -> entry.license().commercial() == License.Commercial.YES))
                .hasSizeGreaterThan(120)
                .allSatisfy(entry -> assertThat(entry.license().name()).doesNotContain("NC"));
        assertThat(listed().filter(entry -> entry.license().commercial() == License.Commercial.NO))
                .hasSizeGreaterThan(15);
    }

    @Test
    void whatIsNotPlainlyThereSaysWhatToDo() {
        assertThat(listed().filter(entry -> entry.license().gated()))
                .hasSize(6)
                .allSatisfy(entry -> assertThat(entry.note()).contains("accept"));
        assertThat(listed().filter(entry -> entry.weights().availability() != Weights.Availability.HUB))
                .hasSize(12)
                .allSatisfy(entry -> {
                    assertThat(entry.weights().where()).startsWith("https://");
                    assertThat(entry.note()).isNotNull();
                    assertThat(entry.location()).isInstanceOf(Location.Elsewhere.class);
                });
        assertThat(listed().filter(entry -> !entry.requires().isEmpty()))
                .allSatisfy(entry -> assertThat(entry.note()).isNotNull());
    }

    @Test
    void embeddingModelsSayHowTheyPool() {
        assertThat(listed().filter(entry -> entry.tasks().contains(Task.EMBEDDING)))
                .hasSize(18)
                .allSatisfy(entry -> assertThat(entry.pooling()).isNotNull());
    }

    @Test
    void adaptersNameTheirBase() {
        assertThat(listed().filter(entry -> entry.weights().format() == WeightFormat.PEFT))
                .hasSize(13)
                .allSatisfy(entry -> assertThat(entry.weights().adapterBase()).isNotNull());
        assertThat(listed().filter(entry -> entry.weights().adapterBase() != null))
                .allSatisfy(entry -> assertThat(entry.weights().format()).isEqualTo(WeightFormat.PEFT));
    }

    @Test
    void siblingsInGgufAreRepositories() {
        assertThat(listed().filter(entry -> entry.siblings().gguf() != null))
                .hasSizeGreaterThan(20)
                .allSatisfy(entry -> assertThat(entry.siblings().gguf())
                        .isInstanceOfSatisfying(
                                Location.Repository.class,
                                repository -> assertThat(repository.id())
                                        .isNotEqualTo(entry.id())
                                        .containsIgnoringCase("gguf")));
        assertThat(listed().filter(entry -> entry.loader().equals("gguf")))
                .hasSize(4)
                .allSatisfy(entry -> assertThat(entry.weights().format()).isEqualTo(WeightFormat.GGUF));
    }

    @ParameterizedTest
    @CsvSource({
        "elyza-7b-instruct, elyza/ELYZA-japanese-Llama-2-7b-instruct, elyza-llama2, 7000000000, 4096, CONDITIONAL",
        "swallow-7b-instruct, tokyotech-llm/Swallow-7b-instruct-hf, swallow-instruct, 7000000000, 4096, CONDITIONAL",
        "karakuri-70b-chat, karakuri-ai/karakuri-lm-70b-chat-v0.1, karakuri-chat, 70000000000, 4096, CONDITIONAL",
        "line-3.6b-sft, line-corporation/japanese-large-lm-3.6b-instruction-sft, line-sft, 3600000000, 2048, YES",
        "rinna-gpt2-xsmall, rinna/japanese-gpt2-xsmall, , 37000000, 1024, YES",
        "plamo-13b-instruct-nc, pfnet/plamo-13b-instruct-nc, plamo-instruct, 13000000000, 8192, NO",
        "genji-jp-6b, NovelAI/genji-jp, , 6000000000, 2048, UNKNOWN",
    })
    void someEntries(
            String alias, String id, String template, long parameters, int context, License.Commercial commercial) {
        Entry entry = Catalogue.load().find(alias).orElseThrow();
        assertThat(entry.id()).isEqualTo(id);
        assertThat(entry.template() == null ? null : entry.template().name()).isEqualTo(template);
        assertThat(entry.size().parameters()).isEqualTo(parameters);
        assertThat(entry.context()).isEqualTo(context);
        assertThat(entry.license().commercial()).isEqualTo(commercial);
    }

    @ParameterizedTest
    @CsvSource({
        "elyza-7b-instrcut, elyza-7b-instruct",
        "ELYZA-japanese-Llama-2-7b-instruct, elyza/ELYZA-japanese-Llama-2-7b-instruct",
        "swallow 7b instruct, swallow-7b-instruct",
        "karakuri, karakuri-70b",
        "cl-nagoya/sup-simcse-ja-bas, cl-nagoya/sup-simcse-ja-base",
        "line-corporation/japanese-large-lm-3.6b-instruct, line-corporation/japanese-large-lm-3.6b",
        "demmo, demo",
        "rinna-3.6b-insturct, rinna-3.6b-instruct",
    })
    void aMistypedNameGetsTheNearestModels(String typed, String nearest) {
        assertThatThrownBy(() -> Catalogue.load().resolve(typed))
                .isInstanceOf(ModelNotFoundException.class)
                .message()
                .hasLineCount(1)
                .contains("did you mean " + nearest)
                .satisfies(message -> assertThat(message.split(", ")).hasSizeBetween(1, 3));
    }
}
