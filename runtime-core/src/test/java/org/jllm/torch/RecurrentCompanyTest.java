package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.jllm.Jllm;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.LoadOptions;
import org.jllm.api.Prompt;
import org.jllm.bench.RandomModel;
import org.jllm.generation.AbstractCompanyTest;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.EmbeddedModels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny Mamba of random weights with the tokenizer of the embedded model. */
class RecurrentCompanyTest extends AbstractCompanyTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws IOException {
        RandomModel.write("mamba:tiny", "float32", folder);
        Path embedded = new EmbeddedModels(CacheFolder.ofUser()).folder("manpage-ja-6m");
        for (String file : new String[] {"tokenizer.model", "tokenizer_config.json", "special_tokens_map.json"}) {
            Files.copy(embedded.resolve(file), folder.resolve(file));
        }
    }

    @Override
    protected LanguageModel load(int guesses) {
        return Jllm.ofUser()
                .load(
                        folder.toString(),
                        LoadOptions.builder().promptLookup(guesses).build());
    }

    @Override
    protected boolean guesses() {
        return false;
    }

    @Override
    protected long liveHandles() {
        return LibTorch.get().liveHandles();
    }

    @Test
    void aPromptThatLeavesAnEarlierOneGoesOnFromASavedState() {
        int[] first = new Random(1).ints(400, 3, 6_000).toArray();
        int[] second = IntStream.concat(IntStream.of(first).limit(300), IntStream.of(7, 8, 9))
                .toArray();
        String alone;
        try (LanguageModel model = load(7)) {
            alone = generate(model, second).text();
        }
        try (LanguageModel model = load(7)) {
            assertThat(generate(model, first).cachedTokens()).isZero();
            GenerationResult result = generate(model, second);
            assertThat(result.cachedTokens()).isEqualTo(256);
            assertThat(result.text()).isEqualTo(alone);
            assertThat(generate(model, second).cachedTokens()).isEqualTo(second.length - 1);
        }
    }

    private static GenerationResult generate(LanguageModel model, int[] prompt) {
        GenerationOptions options =
                GenerationOptions.builder().temperature(0.0).maxTokens(20).build();
        try (GenerationStream stream = model.stream(GenerationRequest.of(new Prompt.Tokens(prompt), options))) {
            return stream.result();
        }
    }
}
