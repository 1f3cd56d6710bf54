package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jllm.api.CapacityException;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LanguageModel;
import org.jllm.api.Message;
import org.jllm.api.Prompt;
import org.jllm.api.TokenLogprob;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.EmbeddedModels;
import org.jllm.prompt.PromptTemplate;
import org.jllm.prompt.PromptTemplates;
import org.jllm.prompt.PromptTokens;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.Tokenizer;
import org.jllm.tokenizer.Tokenizers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generation loop over an engine that says what it is told to, with the tokenizer of the embedded model. */
class LoadedModelTest {
    private static final int END = 2;

    private final Tokenizer tokenizer =
            Tokenizers.load(new EmbeddedModels(CacheFolder.ofUser()).folder("manpage-ja-6m"));

    /** Says these ids one after another, then the end. */
    private static final class Reciter implements DecoderBackend {
        private final int[] ids;
        private final Capabilities capabilities;
        private final Slots slots;
        private int said;
        private boolean failing;

        Reciter(int[] ids, int vocabularySize) {
            this.ids = ids;
            capabilities = new Capabilities(1, 64, 4, vocabularySize, 0, false, false, false, 64);
            slots = new Slots(capabilities);
        }

        @Override
        public Capabilities capabilities() {
            return capabilities;
        }

        @Override
        public void open(int slot) {
            slots.open(slot);
            said = 0;
        }

        @Override
        public void close(int slot) {
            slots.close(slot);
        }

        @Override
        public int length(int slot) {
            return slots.length(slot);
        }

        @Override
        public Logits step(Batch batch) {
            if (failing) {
                throw new CapacityException("full");
            }
            slots.check(batch).forEach(span -> slots.setLength(span.slot(), span.end()));
            if (!batch.wantsLogits(batch.size() - 1)) {
                return new Said(0, -1);
            }
            return new Said(1, said < ids.length ? ids[said++] : END);
        }

        @Override
        public int retain(int slot, int length) {
            slots.setLength(slot, 0);
            said = 0;
            return 0;
        }

        @Override
        public int fork(int from, int to, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reorder(int[] slots, int[] sources) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private record Said(int rows, int id) implements Logits {
        @Override
        public void read(int row, float[] into) {
            Arrays.fill(into, 0);
            into[id] = 10;
        }
    }

    private LanguageModel model(Reciter engine) {
        return new LoadedModel(
                "fake", engine, tokenizer, Optional.empty(), GenerationOptions.temperature(0), Set.of(END));
    }

    private PromptTemplate template(String name) {
        return PromptTemplates.byName(name, PromptTokens.of(tokenizer));
    }

    private LanguageModel model(Reciter engine, String template) {
        return new LoadedModel(
                "fake",
                engine,
                tokenizer,
                Optional.of(template(template)),
                GenerationOptions.temperature(0),
                Set.of(END));
    }

    @Test
    void theStopsOfATemplateHoldInItsChatsBesidesThoseOfTheRequest() {
        int[] ids = tokenizer.encode("ls です ### x", false);
        try (LanguageModel model = model(new Reciter(ids, tokenizer.size()), "stormy")) {
            assertThat(model.generate(Prompt.question("x"), GenerationOptions.none())
                            .text())
                    .isEqualTo("ls です ");
            GenerationOptions own = GenerationOptions.builder().stop("です").build();
            assertThat(model.generate(Prompt.question("x"), own).text()).isEqualTo("ls ");
            GenerationOptions unseen = GenerationOptions.builder().stop("無い").build();
            assertThat(model.generate(Prompt.question("x"), unseen).text()).isEqualTo("ls です ");
            assertThat(model.generate(new Prompt.Text("x"), GenerationOptions.none())
                            .text())
                    .isEqualTo("ls です ### x");
        }
    }

    @Test
    void whatTheModelWritesForALineFeedBecomesOne() {
        Answer answer = new Answer(tokenizer, List.of("\n\n"), Optional.of("です"));
        StringBuilder text = new StringBuilder();
        for (int id : tokenizer.encode("ls です x", false)) {
            answer.push(id, null).ifPresent(chunk -> text.append(chunk.text()));
        }
        answer.finish().ifPresent(chunk -> text.append(chunk.text()));
        assertThat(text.toString()).isEqualTo("ls \n x");
    }

    /** ELYZA's card writes BOS itself, rinna's wants none, Llama 2's tokenizer puts it before what has none. */
    @Test
    void bosStandsOnceOrNotAtAllAsTheTemplateSays() {
        int bos = tokenizer.specialTokens().bos().orElseThrow();
        for (String once : List.of("elyza-llama2", "llama-2", "heron")) {
            assertThat(chat(once)).startsWith(bos);
            assertThat(Arrays.stream(chat(once)).filter(id -> id == bos)).hasSize(1);
        }
        for (String never : List.of("ja-alpaca", "youri-chat")) {
            assertThat(chat(never)).isNotEmpty().doesNotContain(bos);
        }
    }

    private int[] chat(String name) {
        try (LanguageModel model = model(new Reciter(new int[0], tokenizer.size()), name)) {
            return model.tokenize(Prompt.question("ls は"));
        }
    }

    @Test
    void aStopThatIsASpecialTokenEndsTheTextByItsId() {
        int id = tokenizer.specialTokens().bos().orElseThrow();
        PromptTemplate stopping = new PromptTemplate() {
            @Override
            public MarkedText render(List<Message> messages) {
                return MarkedText.of("x");
            }

            @Override
            public String name() {
                return "own";
            }

            @Override
            public List<String> stop() {
                return List.of(tokenizer.token(id), "###");
            }
        };
        assertThat(TemplateStops.added(Set.of(END), Optional.of(stopping), tokenizer))
                .containsExactlyInAnyOrder(END, id);
    }

    /** Characters that the vocabulary lacks come as one token a byte. */
    @ParameterizedTest
    @ValueSource(strings = {"😀", "a👨\u200d👩\u200d👧b", "𠮷野家🍣", "ls は\u0000です"})
    void charactersInBytesComeWhole(String text) {
        int[] ids = tokenizer.encode(text, false);
        assertThat(ids.length).isGreaterThan(3);
        List<String> parts = new ArrayList<>();
        try (LanguageModel model = model(new Reciter(ids, tokenizer.size()))) {
            GenerationResult result = model.generate(new Prompt.Text("ls"), GenerationOptions.none(), parts::add);
            assertThat(result.text()).isEqualTo(text);
            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(result.completionTokens()).isEqualTo(ids.length + 1);
        }
        assertThat(String.join("", parts)).isEqualTo(text);
        assertThat(parts).allSatisfy(part -> {
            assertThat(part).doesNotContain("\uFFFD");
            assertThat(Character.isLowSurrogate(part.charAt(0))).isFalse();
            assertThat(Character.isHighSurrogate(part.charAt(part.length() - 1)))
                    .isFalse();
        });
    }

    /** As where the rows of an embedding were rounded up. */
    @Test
    void idsBeyondTheTokenizerStandForNothing() {
        int[] ids = tokenizer.encode("ls", false);
        int beyond = tokenizer.size() + 3;
        int[] said = Arrays.copyOf(ids, ids.length + 1);
        said[ids.length] = beyond;
        try (LanguageModel model = model(new Reciter(said, tokenizer.size() + 8));
                GenerationStream stream = model.stream(GenerationRequest.of(new Prompt.Tokens(new int[] {1, beyond}))
                        .withTopLogprobs(1))) {
            List<TokenLogprob> logprobs = new ArrayList<>();
            stream.forEachRemaining(chunk -> logprobs.addAll(chunk.logprobs()));
            assertThat(stream.result().text()).isEqualTo("ls");
            assertThat(stream.result().completionTokens()).isEqualTo(said.length + 1);
            assertThat(logprobs.get(ids.length).id()).isEqualTo(beyond);
            assertThat(logprobs.get(ids.length).bytes()).isEmpty();
            assertThat(model.detokenize(new int[] {ids[0], beyond})).isEqualTo(model.detokenize(new int[] {ids[0]}));
            assertThatThrownBy(() -> model.detokenize(new int[] {tokenizer.size() + 8}))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("outside");
        }
    }

    @Test
    void halfACharacterAtTheEndIsDropped() {
        int[] ids = tokenizer.encode("ls😀", false);
        try (LanguageModel model = model(new Reciter(Arrays.copyOf(ids, ids.length - 1), tokenizer.size()))) {
            assertThat(model.ask("x")).isEqualTo("ls");
        }
    }

    @Test
    void aPromptGoesInChunksThatTheEngineTakes() {
        try (LanguageModel model = model(new Reciter(new int[] {END}, tokenizer.size()))) {
            GenerationResult result = model.generate(
                    new Prompt.Tokens(new int[] {1, 5, 6, 7, 8, 9, 10, 11, 12}), GenerationOptions.none());
            assertThat(result.promptTokens()).isEqualTo(9);
        }
    }

    @Test
    void afterAFailureTheNextRequestRuns() {
        Reciter engine = new Reciter(tokenizer.encode("ls", false), tokenizer.size());
        try (LanguageModel model = model(engine)) {
            engine.failing = true;
            assertThatThrownBy(() -> model.ask("x")).isInstanceOf(CapacityException.class);
            assertThatThrownBy(() -> model.generate(new Prompt.Tokens(new int[0]), GenerationOptions.none()))
                    .isInstanceOf(InvalidRequestException.class);
            engine.failing = false;
            assertThat(model.ask("x")).isEqualTo("ls");
        }
    }
}
