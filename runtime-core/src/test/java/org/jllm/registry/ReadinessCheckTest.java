package org.jllm.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.Catalogue;
import org.jllm.catalogue.WeightFormat;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.GenerationConfig;
import org.jllm.generation.MemoryNeeds;
import org.jllm.generation.ModelDescription;
import org.jllm.generation.ModelLoader;
import org.jllm.prompt.PromptTemplate;
import org.jllm.registry.Readiness.State;
import org.jllm.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

class ReadinessCheckTest {
    private static final List<String> ALL =
            List.of("llama", "bert", "electra", "qwen", "gpt_neox", "japanese-stablelm-alpha", "roberta");

    private static Readiness of(String name, ModelLoader... loaders) {
        return new ReadinessCheck(List.of(loaders))
                .of(Catalogue.load().find(name).orElseThrow());
    }

    private static ModelLoader transformers(List<String> architectures) {
        return new Engine("transformers", architectures, Set.of(WeightFormat.TRANSFORMERS));
    }

    @Test
    void whatTheEngineKnowsRuns() {
        assertThat(of("elyza-7b-instruct", transformers(ALL)))
                .isEqualTo(new Readiness(State.RUNS, "transformers", false, List.of()));
        Readiness without = of("elyza-7b-instruct", transformers(List.of()));
        assertThat(without.state()).isEqualTo(State.NOT_YET);
        assertThat(without.reasons()).containsExactly("the architecture llama");
    }

    @Test
    void allThatIsMissingIsNamed() {
        Readiness adapter = of("llm-jp-13b-dpo-lora-v1.1", transformers(ALL));
        assertThat(adapter.state()).isEqualTo(State.NOT_YET);
        assertThat(adapter.reasons()).containsExactly("the architecture gpt2", "weights in the form peft");
        assertThat(of("yellowback-1.3b", transformers(List.of("gpt_neo"))).reasons())
                .containsExactly("a tokenizer that is not known");
        assertThat(of("demo").reasons()).containsExactly("the engine transformers");
    }

    @Test
    void aSiblingRunsInItsPlace() {
        ModelLoader gguf = new Engine("gguf", List.of("qwen"), Set.of(WeightFormat.GGUF));
        assertThat(of("nekomata-7b-instruct", transformers(List.of()), gguf))
                .isEqualTo(new Readiness(State.RUNS, "gguf", true, List.of()));
        assertThat(of("nekomata-7b-instruct-gguf", gguf))
                .isEqualTo(new Readiness(State.RUNS, "gguf", false, List.of()));
    }

    @Test
    void whatNoVersionWillRunSaysWhy() {
        assertThat(of("jsdxl", transformers(ALL)).state()).isEqualTo(State.CANNOT);
        assertThat(of("accms-bert-base", transformers(ALL)).reasons())
                .containsExactly("it needs the program ssuw, which is not public");
    }

    @Test
    void tokenizersAnswerForThemselves() {
        TokenizerSupport support = new TokenizerSupport();
        assertThat(support.reads("LlamaTokenizer")).isTrue();
        assertThat(support.reads("GPT2Tokenizer")).isTrue();
        assertThat(support.reads("GPTNeoXTokenizerFast")).isTrue();
        assertThat(support.reads("NoSuchTokenizer")).isFalse();
    }

    /** An engine that only says what it knows. */
    private record Engine(String engine, List<String> architectures, Set<WeightFormat> formats) implements ModelLoader {
        @Override
        public MemoryNeeds memory(Path files, LoadOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DecoderBackend loadDecoder(Path files, LoadOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ModelDescription describe(Path files) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String version() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, String> diagnose() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tokenizer loadTokenizer(Path files) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<PromptTemplate> loadTemplate(Path files, Tokenizer tokenizer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public GenerationConfig loadGenerationConfig(Path files) {
            throw new UnsupportedOperationException();
        }
    }
}
